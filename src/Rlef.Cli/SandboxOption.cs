using System.CommandLine;
using Rlef.Execution;

namespace Rlef.Cli;

/// <summary>The option of every command that judges programs.</summary>
static class SandboxOption
{
    public static Option<string> Create()
    {
        var option = new Option<string>("--sandbox")
        {
            Description = $"Where programs run. docker needs a daemon; {Sandbox.Variable} sets the default.",
            DefaultValueFactory = _ => Sandbox.Default,
        };
        option.AcceptOnlyFromAmong([.. Sandbox.Names]);
        return option;
    }
}
