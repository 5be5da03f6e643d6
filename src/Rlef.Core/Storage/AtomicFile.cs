using System.Text;

namespace Rlef.Storage;

/// <summary>Files that appear whole or not at all: written under another name, synced and renamed. A link stays one, and its target is replaced; a device is written to.</summary>
public static class AtomicFile
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    static readonly Lock Gate = new();
    static readonly HashSet<string> Unfinished = [];

    /// <summary>Takes away what is not whole yet, for a process that ends at once: from here on no file is begun, nor appears.</summary>
    public static void Abandon()
    {
        // Not left any more, so that what is still being written waits for the end. A disk that hangs does not hold it up.
        if (!Gate.TryEnter(Patience))
            return;
        foreach (var temporary in Unfinished)
            try
            {
                File.Delete(temporary);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Such as in a folder that has become another's.
            }
    }

    /// <exception cref="IOException">The disk is full, for instance. What stood at the path is untouched, and nothing is left beside it.</exception>
    public static void Write(string path, Action<FileStream> write) => Write(path, ".tmp", write);

    /// <summary>The same where several processes may do so at once: what stands there is always one of theirs, whole.</summary>
    /// <inheritdoc cref="Write(string, Action{FileStream})" path="/exception"/>
    public static void WriteShared(string path, Action<FileStream> write) => Write(path, $".{Environment.ProcessId}.tmp", write);

    static void Write(string path, string ending, Action<FileStream> write)
    {
        if (RealPath.IsOfKernel(path))
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Write);
            write(stream);
            return;
        }
        path = RealPath.Of(path);
        var temporary = path + ending;
        try
        {
            using (var stream = Begin(temporary))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            lock (Gate)
            {
                File.Move(temporary, path, overwrite: true);
                Unfinished.Remove(temporary);
            }
        }
        catch
        {
            // A full disk wants the room back.
            lock (Gate)
            {
                File.Delete(temporary);
                Unfinished.Remove(temporary);
            }
            throw;
        }
    }

    static FileStream Begin(string temporary)
    {
        lock (Gate)
        {
            var stream = new FileStream(temporary, FileMode.Create);
            Unfinished.Add(temporary);
            return stream;
        }
    }

    /// <inheritdoc cref="Write(string, Action{FileStream})"/>
    public static void WriteText(string path, string text) => Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
}
