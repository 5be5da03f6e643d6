namespace TorchSharp;

/// <summary>Owns the tensors that its thread creates while it is the innermost scope, and frees them together.</summary>
public sealed class DisposeScope : IDisposable
{
    readonly DisposeScope? outer;
    readonly List<torch.Tensor> tensors = new(64);

    internal DisposeScope(DisposeScope? outer) => this.outer = outer;

    internal void Add(torch.Tensor tensor)
    {
        tensor.scope = this;
        tensor.scopeIndex = tensors.Count;
        tensors.Add(tensor);
    }

    internal void Remove(torch.Tensor tensor)
    {
        var last = tensors[^1];
        tensors[tensor.scopeIndex] = last;
        last.scopeIndex = tensor.scopeIndex;
        tensors.RemoveAt(tensors.Count - 1);
        tensor.scope = null;
    }

    internal void MoveOut(torch.Tensor tensor)
    {
        Remove(tensor);
        outer?.Add(tensor);
    }

    /// <summary>Number of live tensors in the scope.</summary>
    public int DisposablesCount => tensors.Count;

    public unsafe void Dispose()
    {
        var handles = stackalloc nint[256];
        var n = 0;
        foreach (var tensor in tensors)
        {
            handles[n++] = tensor.Forget();
            if (n == 256)
            {
                Native.rt_free(handles, n);
                n = 0;
            }
        }
        Native.rt_free(handles, n);
        tensors.Clear();
        DisposeScopeManager.Close(this, outer);
    }
}

/// <summary>The scopes of each thread, and how many tensors it holds.</summary>
public static class DisposeScopeManager
{
    [ThreadStatic] static DisposeScope? current;
    [ThreadStatic] static ThreadDisposeScopeStatistics? statistics;
    internal static long live;

    /// <summary>What the calling thread has created and disposed.</summary>
    public static ThreadDisposeScopeStatistics Statistics => statistics ??= new();

    internal static DisposeScope? Current => current;
    internal static DisposeScope NewDisposeScope() => current = new DisposeScope(current);
    internal static void Close(DisposeScope scope, DisposeScope? outer)
    {
        if (current == scope)
            current = outer;
    }
}

/// <summary>Counts of one thread.</summary>
public sealed class ThreadDisposeScopeStatistics
{
    /// <summary>Tensors created on this thread less those disposed on it.</summary>
    public long ThreadTotalLiveCount { get; internal set; }
}
