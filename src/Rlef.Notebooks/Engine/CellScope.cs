namespace Rlef.Notebooks.Engine;

/// <summary>
/// The running cell, as its own threads and tasks see it: what they print and display finds its way by the flow of execution,
/// so that several sessions can run in one process.
/// </summary>
internal sealed class CellScope(CancellationToken cancellation)
{
    private static readonly AsyncLocal<CellScope?> Ambient = new();
    private readonly Lock _lock = new();
    private readonly List<CellEvent> _late = [];
    private Action<CellEvent>? _listener;
    private bool _abandoned;

    public static CellScope? Current
    {
        get => Ambient.Value;
        set => Ambient.Value = value;
    }

    public CancellationToken Cancellation { get; } = cancellation;

    public void Open(Action<CellEvent> listener)
    {
        lock (_lock) _listener = listener;
    }

    /// <summary>Ends the cell. What its background work shows from now on waits for the next cell.</summary>
    public void Close()
    {
        lock (_lock) _listener = null;
    }

    /// <summary>Ends a cell that would not stop: whatever it still shows is dropped.</summary>
    public void Abandon()
    {
        lock (_lock) (_listener, _abandoned) = (null, true);
    }

    public void UnlessAbandoned(Action action)
    {
        lock (_lock)
        {
            if (!_abandoned) action();
        }
    }

    public void Emit(CellEvent shown)
    {
        lock (_lock)
        {
            if (_listener is not null) _listener(shown);
            else if (!_abandoned) _late.Add(shown);
        }
    }

    public IReadOnlyList<CellEvent> TakeLate()
    {
        lock (_lock)
        {
            CellEvent[] late = [.. _late];
            _late.Clear();
            return late;
        }
    }
}
