using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Formatting;

namespace Rlef.Notebooks;

/// <summary>
/// Shows a value that is updated in its place: a line of progress, a growing curve. The kernel's own <c>display</c> returns
/// something else than it shows, so that updates of it are lost in every front end.
/// </summary>
public static class LiveDisplay
{
    /// <returns>What is shown; its <c>Update</c> replaces it. Outside a cell the value is printed, and updates are not.</returns>
    public static DisplayedValue Show(object value)
    {
        if (KernelInvocationContext.Current is { } cell) return cell.Display(value);
        Console.WriteLine(value.ToDisplayString("text/plain"));
        return new DisplayedValue(value, FormattedValue.CreateManyFromObject(value, "text/plain"));
    }
}
