using System.CommandLine;

namespace Rlef.Cli;

/// <summary>A command that leaves checkpoints, from the last complete one of which the same command goes on.</summary>
sealed class ResumableCommand(string name, string description) : Command(name, description);
