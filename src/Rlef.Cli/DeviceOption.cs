using System.CommandLine;
using Rlef.Policy;

namespace Rlef.Cli;

/// <summary>The option of commands whose policies may compute on a GPU.</summary>
static class DeviceOption
{
    public static Option<string> Create() => new("--device")
    {
        Description = $"Where the policy computes: cpu, cuda or cuda:N. {Devices.Variable} sets the default.",
        DefaultValueFactory = _ => Devices.Default,
    };
}
