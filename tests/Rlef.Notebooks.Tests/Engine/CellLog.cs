using Rlef.Notebooks.Engine;

namespace Rlef.Notebooks.Tests.Engine;

/// <summary>Runs cells and keeps what they showed.</summary>
internal sealed class CellLog(NotebookEngine engine)
{
    public List<CellEvent> Shown { get; } = [];

    public string Stdout => string.Concat(Shown.OfType<CellEvent.Stream>().Where(text => text.Name == "stdout").Select(text => text.Text));

    public Task<CellResult> RunAsync(string code, TimeSpan? timeout = null, CancellationToken cancellation = default) =>
        engine.ExecuteAsync(code, Shown.Add, timeout, cancellation: cancellation);

    /// <summary>Runs a cell that must not fail and gives its trailing value as plain text.</summary>
    public async Task<string?> ValueAsync(string code)
    {
        var before = Shown.Count;
        var result = await RunAsync(code);
        Assert.True(result.Error is null, string.Join('\n', result.Error?.Traceback ?? []));
        return Shown.Skip(before).OfType<CellEvent.Result>().SingleOrDefault()?.Data.Data["text/plain"].ToString();
    }
}
