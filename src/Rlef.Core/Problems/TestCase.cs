namespace Rlef.Problems;

/// <summary>
/// One test. For a stdin/stdout problem, <paramref name="Input"/> is the program's standard input and <paramref name="Output"/>
/// the standard output that the judge expects. For a problem with an <see cref="Problem.EntryPoint"/>, <paramref name="Input"/> is
/// the JSON array of call arguments, or <c>=</c> and a Python expression over the program's names where arguments are objects of its own classes;
/// <paramref name="Output"/> is the JSON of the expected return value.
/// </summary>
public sealed record TestCase(string Input, string Output);
