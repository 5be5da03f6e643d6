using System.Runtime.InteropServices;

namespace Rlef.Native;

/// <summary>Ends this process where it stands.</summary>
public static partial class ProcessEnd
{
    /// <summary>
    /// Without what native libraries do at an end in good order: they take down what threads of theirs still compute with, and the process dies of a segmentation fault instead.
    /// </summary>
    public static void AtOnce(int code)
    {
        Console.Out.Flush();
        Leave(code);
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void Leave(int code);
}
