using System.Text;

namespace Rlef.Storage;

/// <summary>Files that appear whole or not at all: written under another name, synced and renamed. A link stays one, and its target is replaced; a device is written to.</summary>
public static class AtomicFile
{
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
            using (var stream = new FileStream(temporary, FileMode.Create))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            // A full disk wants the room back.
            File.Delete(temporary);
            throw;
        }
    }

    /// <inheritdoc cref="Write(string, Action{FileStream})"/>
    public static void WriteText(string path, string text) => Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
}
