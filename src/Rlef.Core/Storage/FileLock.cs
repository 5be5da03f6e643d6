namespace Rlef.Storage;

/// <summary>Work that one process at a time may do. The lock is an open file: it ends with its process, however that ends.</summary>
static class FileLock
{
    const int Taken = 11; // EWOULDBLOCK
    const int Denied = 13; // EACCES, as some systems say it of a lock
    const int ReadOnlyFileSystem = 30; // EROFS

    /// <summary>
    /// Opens a file to be written, or makes it, and keeps other processes from doing so, which may go on reading it. Ends when this process closes the file,
    /// by whichever of its handles.
    /// </summary>
    /// <exception cref="IOException">Another has it; the message names it.</exception>
    public static FileStream OpenAlone(string path)
    {
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        try
        {
            if (OperatingSystem.IsLinux())
                file.Lock(0, long.MaxValue);
            return file;
        }
        catch (Exception e)
        {
            file.Dispose();
            if (e is not IOException)
                throw;
            throw new IOException(e.HResult is Taken or Denied ? $"{path} is being written by another process. Wait for it, or name another file."
                : $"{path} lies where files cannot be locked ({e.Message}). Name one elsewhere.", e);
        }
    }

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
