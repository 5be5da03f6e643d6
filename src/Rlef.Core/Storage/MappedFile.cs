using System.IO.MemoryMappedFiles;

namespace Rlef.Storage;

/// <summary>A file in mapped memory, to read from: what is not looked at takes no memory.</summary>
sealed unsafe class MappedFile : IDisposable
{
    readonly MemoryMappedFile? map;
    readonly MemoryMappedViewAccessor? view;
    readonly byte* start;

    /// <exception cref="InvalidDataException">The file is a pointer of Git LFS.</exception>
    public MappedFile(string path)
    {
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        Length = stream.Length;
        if (Length == 0)
        {
            stream.Dispose();
            return;
        }
        map = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        view = map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        start += view.PointerOffset;
        try
        {
            GitLfs.Refuse(path, new ReadOnlySpan<byte>(start, (int)Math.Min(Length, 64)));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public long Length { get; }

    /// <summary>The file's first byte; null for an empty file.</summary>
    public byte* Start => start;

    /// <summary>The file's bytes from the beginning.</summary>
    public Stream Open() => Length == 0 ? Stream.Null : new UnmanagedMemoryStream(start, Length);

    public void Dispose()
    {
        view?.SafeMemoryMappedViewHandle.ReleasePointer();
        view?.Dispose();
        map?.Dispose();
    }
}
