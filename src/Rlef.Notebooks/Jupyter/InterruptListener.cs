using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;

namespace Rlef.Notebooks.Jupyter;

/// <summary>Cancels the running cell at each line on the kernel's standard input, on which <see cref="JupyterKernel"/>'s script tells of interrupts.</summary>
internal static class InterruptListener
{
    /// <summary>Set for a kernel that is told of interrupts.</summary>
    public const string Variable = "RLEF_KERNEL_INTERRUPTS";

    /// <summary>Listens from now on, if a cell calls, and in such a kernel.</summary>
    public static void Start()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } || KernelInvocationContext.Current?.HandlingKernel?.RootKernel is not { } kernel) return;
        // Programs that the kernel starts are told of nothing.
        Environment.SetEnvironmentVariable(Variable, null);
        new Thread(() => Listen(kernel)) { IsBackground = true, Name = "interrupts" }.UnsafeStart();
    }

    private static void Listen(Kernel kernel)
    {
        using var lines = new StreamReader(Console.OpenStandardInput());
        try
        {
            while (lines.ReadLine() is not null) kernel.SendAsync(new Cancel()).GetAwaiter().GetResult();
        }
        catch (ObjectDisposedException)
        {
            // The kernel has ended.
        }
    }
}
