using Microsoft.DotNet.Interactive;

namespace Rlef.Notebooks.Engine;

/// <summary>How long-running library code learns that its cell is to stop.</summary>
public static class CellCancellation
{
    /// <summary>Cancelled when the cell that calls is interrupted or out of time, in every host; never cancelled outside a cell.</summary>
    public static CancellationToken Token => KernelInvocationContext.Current?.CancellationToken ?? CancellationToken.None;
}
