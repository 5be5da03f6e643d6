using Rlef.Execution;

namespace Rlef.Core.Tests;

/// <summary>One sandbox for all tests that only use it.</summary>
public sealed class Sandboxes : IAsyncLifetime
{
    public LocalSandbox Local { get; private set; } = null!;
    public Judge Judge(Isolation isolation = Isolation.PerProgram) => new(Local, isolation);

    public async ValueTask InitializeAsync() => Local = await LocalSandbox.StartAsync();
    public ValueTask DisposeAsync() => Local.DisposeAsync();
}
