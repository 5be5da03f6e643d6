using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Events;
using Microsoft.DotNet.Interactive.Formatting;

namespace Rlef.Notebooks;

/// <summary>
/// Shows a value that is updated in its place: a line of progress, a growing curve. The kernel's own <c>display</c> returns
/// something else than it shows, so that updates of it are lost in every front end, and keeps to the formats of the first value.
/// </summary>
public sealed class LiveDisplay
{
    private readonly string _id = Guid.NewGuid().ToString("n");
    private KernelInvocationContext? _cell;

    private LiveDisplay(KernelInvocationContext? cell) => _cell = cell;

    /// <returns>What is shown, to be updated. Outside a cell the value is printed, and updates are not.</returns>
    public static LiveDisplay Show(object value)
    {
        var display = new LiveDisplay(KernelInvocationContext.Current);
        if (display._cell is { } cell)
            cell.Publish(new DisplayedValueProduced(value, cell.Command, FormattedValue.CreateManyFromObject(value), display._id));
        else
            Console.WriteLine(value.ToDisplayString("text/plain"));
        return display;
    }

    /// <summary>Shows another value instead, in whatever formats it has.</summary>
    public void Update(object value)
    {
        // A later cell may update what an earlier one showed; the earlier one's context has ended.
        if (KernelInvocationContext.Current is { Command: SubmitCode } now) _cell = now;
        if (_cell is { } cell)
            cell.Publish(new DisplayedValueUpdated(value, _id, cell.Command, FormattedValue.CreateManyFromObject(value)));
    }
}
