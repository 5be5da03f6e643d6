using Rlef.Execution;

namespace Rlef.Core.Tests.Execution;

/// <summary>The Docker sandbox on gVisor's kernel. Skipped, with the reason, where the daemon does not list it.</summary>
public sealed class GvisorSandboxTests(Sandboxes sandboxes) : SandboxTests, IAsyncLifetime
{
    ISandbox shared = null!;

    protected override ISandbox Shared => shared;

    public async ValueTask InitializeAsync()
    {
        var (sandbox, reason) = await sandboxes.GvisorAsync;
        Assert.SkipWhen(sandbox is null, reason ?? "");
        shared = sandbox;
    }

    // It bounds the bytes of a folder, not its files, so that the time ends what makes them. Where this machine's kernel would end a program that makes a
    // 32-bit call, it makes no call of it.
    protected override VerdictKind Expected(string name, VerdictKind expected) => name switch
    {
        "makes files without end" or "makes folders in folders without end" => VerdictKind.TimeLimit,
        "32-bit system call" => VerdictKind.WrongAnswer,
        _ => expected,
    };

    // It makes the stack when a program is started, which the server was.
    protected override bool LimitsStack => false;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
