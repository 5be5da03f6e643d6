using System.Runtime.InteropServices;

namespace Rlef.Native;

/// <summary>Ends this process where it stands.</summary>
public static partial class ProcessEnd
{
    /// <summary>
    /// Without what native libraries do at an end in good order: they take down what threads of theirs still compute with, and the process dies of a segmentation fault instead.
    /// </summary>
    [LibraryImport("libc", EntryPoint = "_exit")]
    public static partial void AtOnce(int code);
}
