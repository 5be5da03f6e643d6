namespace Rlef.Notebooks.Engine;

/// <summary>What a running cell shows, in the order in which it happened.</summary>
public abstract record CellEvent
{
    private CellEvent() { }

    /// <summary>Console text; <paramref name="Name"/> is <c>stdout</c> or <c>stderr</c>.</summary>
    public sealed record Stream(string Name, string Text) : CellEvent;

    /// <summary>A value was displayed under an id by which it can be updated.</summary>
    public sealed record Display(string DisplayId, MimeBundle Data) : CellEvent;

    /// <summary>A value displayed before, in this cell or an earlier one, is to be shown anew.</summary>
    public sealed record Update(string DisplayId, MimeBundle Data) : CellEvent;

    /// <summary>The value of the cell's trailing expression.</summary>
    public sealed record Result(MimeBundle Data) : CellEvent;

    /// <summary>The cell failed; nothing follows.</summary>
    public sealed record Failed(CellError Error) : CellEvent;
}
