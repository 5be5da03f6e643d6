namespace Rlef.Storage;

/// <summary>Work that one process at a time may do. The lock is an open file: it ends with its process, however that ends.</summary>
static class FileLock
{
    const int Taken = 11; // EWOULDBLOCK
    const int ReadOnlyFileSystem = 30; // EROFS

    /// <param name="path">Is created if need be, and stays.</param>
    /// <returns>Null where it is taken.</returns>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written to; the message names it.</exception>
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
        catch (Exception e) when (e is UnauthorizedAccessException || e is IOException { HResult: ReadOnlyFileSystem })
        {
            throw new UnauthorizedAccessException($"{Path.GetDirectoryName(path)}: nothing can be written there. Make the folder writable, or choose another one.", e);
        }
    }
}
