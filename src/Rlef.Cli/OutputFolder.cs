using Rlef.Learning;
using Rlef.Storage;

namespace Rlef.Cli;

/// <summary>A folder that a command writes a policy into.</summary>
static class OutputFolder
{
    /// <param name="output">As the command names it.</param>
    /// <param name="policy">What the command reads; null where it reads none.</param>
    /// <exception cref="ArgumentException">It is none or below a file, or would replace what is read, or files of a run.</exception>
    public static void Check(string output, string? policy)
    {
        Folder.Check(output);
        if (policy is not null && RealPath.AreSame(output, policy))
            throw new ArgumentException($"{output} would replace {policy} itself; name another folder.");
        if (RunDirectory.IsIn(output))
            throw new ArgumentException($"{output} holds a training run, whose config.json would be replaced; name another folder.");
    }
}
