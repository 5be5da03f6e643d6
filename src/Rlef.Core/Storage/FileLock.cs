namespace Rlef.Storage;

/// <summary>Work that one process at a time may do. The lock is an open file: it ends with its process, however that ends.</summary>
static class FileLock
{
    const int Taken = 11; // EWOULDBLOCK

    /// <param name="path">Is created if need be, and stays.</param>
    /// <returns>Null where it is taken.</returns>
    public static IDisposable? TryTake(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e.HResult == Taken)
        {
            return null;
        }
    }
}
