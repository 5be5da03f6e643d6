namespace Rlef.Notebooks.Engine;

/// <summary>A displayed value, which <see cref="Update"/> replaces in place: a progress line, a growing curve.</summary>
public sealed class DisplayedValue
{
    private readonly CellScope? _scope;
    private readonly string[] _mimeTypes;

    internal DisplayedValue(CellScope? scope, string displayId, string[] mimeTypes)
    {
        _scope = scope;
        _mimeTypes = mimeTypes;
        DisplayId = displayId;
    }

    public string DisplayId { get; }

    public void Update(object? updatedValue)
    {
        var scope = CellScope.Current ?? _scope;
        if (scope is null) Console.WriteLine(MimeBundle.Of(updatedValue, "text/plain").Data["text/plain"]);
        else scope.Emit(new CellEvent.Update(DisplayId, MimeBundle.Of(updatedValue, _mimeTypes)));
    }
}
