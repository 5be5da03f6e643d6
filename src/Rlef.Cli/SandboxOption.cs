using System.CommandLine;
using Rlef.Execution;

namespace Rlef.Cli;

/// <summary>The options of every command that judges programs.</summary>
sealed class SandboxOption
{
    readonly Option<string> name = new("--sandbox")
    {
        Description = $"Where programs run. docker needs a daemon; {Sandbox.Variable} sets the default.",
        DefaultValueFactory = _ => Sandbox.Default,
    };

    readonly Option<string> packages = new("--python-packages")
    {
        Description = $"Packages of this machine that programs may import, such as numpy,sortedcontainers,networkx; {Sandbox.PackagesVariable} sets the default, which is none.",
        DefaultValueFactory = _ => Sandbox.DefaultPackages,
    };

    SandboxOption() => name.AcceptOnlyFromAmong([.. Sandbox.Names]);

    public static SandboxOption AddTo(Command command)
    {
        var option = new SandboxOption();
        command.Options.Add(option.name);
        command.Options.Add(option.packages);
        return option;
    }

    public string Name(ParseResult parse) => parse.GetValue(name)!;

    /// <param name="usual">Where the option is not given, in place of the machine's default.</param>
    public string Packages(ParseResult parse, string? usual = null) => usual is not null && parse.GetResult(packages) is not { Implicit: false } ? usual : parse.GetValue(packages)!;

    /// <summary>The same options for another command.</summary>
    public IEnumerable<string> Arguments(ParseResult parse) => ["--sandbox", Name(parse), .. Packages(parse) is { Length: > 0 } names ? (string[])["--python-packages", names] : []];

    public Task<ISandbox> StartAsync(ParseResult parse, int? workers, CancellationToken cancellation) =>
        Sandbox.StartAsync(Name(parse), workers, Packages(parse), cancellation);
}
