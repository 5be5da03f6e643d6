using System.Runtime.InteropServices;

namespace Rlef.Core.Tests.Policy;

/// <summary>Counts what this thread asks of libtorch: each operator, those that others call too, and as <c>data_ptr</c> each look at a tensor's memory.</summary>
static unsafe class DispatchTrace
{
    static readonly nint library = NativeLibrary.TryLoad(Path.Combine(AppContext.BaseDirectory, "librlef_torch.so"), out var handle) ? handle : 0;

    public static Dictionary<string, long> Of(Action work)
    {
        Assert.SkipWhen(library == 0, "Only the bundled binding can be traced.");
        ((delegate* unmanaged<void>)NativeLibrary.GetExport(library, "rt_trace_begin"))();
        byte* lines = null;
        try
        {
            work();
        }
        finally
        {
            lines = ((delegate* unmanaged<byte*>)NativeLibrary.GetExport(library, "rt_trace_end"))();
        }
        var text = Marshal.PtrToStringUTF8((nint)lines)!;
        ((delegate* unmanaged<byte*, void>)NativeLibrary.GetExport(library, "rt_free_memory"))(lines);
        return text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(' ')).ToDictionary(l => l[0], l => long.Parse(l[1]));
    }
}
