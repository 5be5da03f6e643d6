using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Rlef.Policy;

/// <summary>
/// Work on a GPU that is recorded once and replayed by a single call, for the same tensors: a decode step is hundreds of operations too small to hide what
/// the host needs to ask for each.
/// </summary>
sealed class CudaGraph : IDisposable
{
    /// <summary>Environment variable that turns recording off by 0.</summary>
    public const string Variable = "RLEF_CUDA_GRAPHS";

    nint handle;

    CudaGraph(nint handle) => this.handle = handle;

    /// <summary>Whether work can be recorded: it needs the bundled binding, built with CUDA.</summary>
    public static bool Supported { get; } = CudaLibrary.IsThere && Environment.GetEnvironmentVariable(Variable) != "0";

    /// <summary>Records what the work asks of the device, without running it. Tensors that live on must have been made before.</summary>
    /// <exception cref="ExternalException">The work waits for the device, or does something else that cannot be recorded.</exception>
    public static CudaGraph Record(Device device, Action work)
    {
        var graph = CudaLibrary.rt_graph_begin(device.index);
        if (graph == 0)
            throw Failure();
        try
        {
            work();
        }
        catch
        {
            _ = CudaLibrary.rt_graph_end(graph);
            CudaLibrary.rt_graph_free(graph);
            throw;
        }
        if (CudaLibrary.rt_graph_end(graph) < 0)
        {
            var failure = Failure();
            CudaLibrary.rt_graph_free(graph);
            throw failure;
        }
        return new(graph);
    }

    /// <summary>Runs the recorded work after all that was asked of the device before; does not wait for it.</summary>
    public void Replay()
    {
        ObjectDisposedException.ThrowIf(handle == 0, this);
        if (CudaLibrary.rt_graph_replay(handle) < 0)
            throw Failure();
    }

    static ExternalException Failure() => new($"A CUDA graph failed: {CudaLibrary.Error} ({Variable}=0 computes without graphs.)");

    public void Dispose()
    {
        if (handle != 0)
            CudaLibrary.rt_graph_free(handle);
        handle = 0;
    }
}
