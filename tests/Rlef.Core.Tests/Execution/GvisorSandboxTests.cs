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

    // It has no Landlock, so that programs can read what its own /proc and /sys say of the sandbox; nothing of the tests is there. Where this machine's
    // kernel would end a program that makes a 32-bit call, it makes no call of it.
    protected override VerdictKind Expected(string name, VerdictKind expected) => name switch
    {
        "reads /proc" or "reads the server's environment" or "looks into /proc/self" or "lists control groups" or "32-bit system call" => VerdictKind.WrongAnswer,
        _ => expected,
    };

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
