using Rlef.Storage;

namespace Rlef.Cli;

/// <summary>A file that a command writes at its end: hours may come before, so that it is looked at first.</summary>
static class OutputFile
{
    /// <param name="output">As the option <c>--out</c> names it.</param>
    /// <param name="inputs">What the command reads; of sets, a part behind <c>#</c> too.</param>
    /// <exception cref="ArgumentException">Nothing can be written there, or it would replace an input.</exception>
    public static void Check(string output, params IEnumerable<string> inputs)
    {
        if (Directory.Exists(output))
            throw new ArgumentException($"--out {output} is a folder; name a file.");
        if (!Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(output))))
            throw new ArgumentException($"--out {output}: its folder does not exist.");
        if (inputs.Select(input => File.Exists(input) ? input : input.Split('#')[0]).FirstOrDefault(input => RealPath.AreSame(input, output)) is { } read)
            throw new ArgumentException($"--out {output} would replace {read}; name another file.");
    }
}
