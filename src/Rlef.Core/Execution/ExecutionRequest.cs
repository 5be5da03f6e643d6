using System.Collections.Immutable;

namespace Rlef.Execution;

/// <summary>A program to run on several inputs. Expected outputs are not part of it: they never enter the sandbox.</summary>
/// <param name="Program">Python source.</param>
/// <param name="Inputs">One standard input (or, for a call, one input as in <see cref="Rlef.Problems.TestCase"/>) a test; not empty.</param>
/// <param name="EntryPoint">Function to call, or null to run the program as a script; <c>Class.method</c> for the method if the program has that class, else the function.</param>
/// <param name="Preamble">Source whose names the program finds as it finds the built-in ones, such as imports that a format takes for granted.</param>
/// <param name="Setup">Source that runs in the program's module after it and before the call.</param>
public sealed record ExecutionRequest(string Program, ImmutableArray<string> Inputs, string? EntryPoint, Limits Limits, Isolation Isolation,
    string? Preamble = null, string? Setup = null)
{
    /// <summary>Whether very large values come back as digests, since expected values were recorded as such.</summary>
    public bool Digests { get; init; }

    /// <summary>Whether iterators come back by their elements, since an expected value was recorded as such.</summary>
    public bool Iterators { get; init; }

    /// <summary>Name of the file that holds the input too, in the program's folder; null for none.</summary>
    public string? InputFile { get; init; }

    /// <summary>Name of the file whose content is the output, if the program makes it in its folder, instead of what it prints; null for none.</summary>
    public string? OutputFile { get; init; }

    /// <summary>
    /// Is given each result and its number as it arrives; true leaves out the inputs after it. Null runs all. A job that is done again after a failure
    /// of the sandbox asks again from the first result.
    /// </summary>
    public Func<int, ExecutionResult, bool>? StopAfter { get; init; }
}
