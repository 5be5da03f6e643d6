using System.Buffers.Binary;

namespace Docker.DotNet;

/// <summary>
/// The standard streams of a container on one connection: what is written goes to its standard input; output comes in blocks with a header of
/// eight bytes (stream, three zeros, length big-endian), unless the container has a terminal.
/// </summary>
public class MultiplexedStream(Stream stream, bool multiplexed) : IDisposable
{
    readonly byte[] header = new byte[8];
    TargetStream target = TargetStream.StandardOut;
    int remaining;

    public enum TargetStream : byte
    {
        StandardIn = 0,
        StandardOut = 1,
        StandardError = 2,
    }

    public readonly struct ReadResult(TargetStream target, int count)
    {
        public TargetStream Target { get; } = target;

        public int Count { get; } = count;

        public bool EOF => Count == 0;
    }

    public Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        stream.WriteAsync(buffer, offset, count, cancellationToken);

    /// <exception cref="EndOfStreamException">The connection ended within a block.</exception>
    public async Task<ReadResult> ReadOutputAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        if (!multiplexed)
            return new(TargetStream.StandardOut, await stream.ReadAsync(buffer.AsMemory(offset, count), cancellationToken));
        while (remaining == 0)
        {
            var got = await stream.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false, cancellationToken);
            if (got == 0)
                return default;
            if (got < header.Length)
                throw new EndOfStreamException();
            target = header[0] <= (byte)TargetStream.StandardError ? (TargetStream)header[0] : throw new IOException($"Unknown stream type: '{header[0]}'.");
            var length = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(4));
            remaining = length <= int.MaxValue ? (int)length : throw new IOException($"Invalid frame length: '{length}'.");
        }
        var read = await stream.ReadAsync(buffer.AsMemory(offset, Math.Min(count, remaining)), cancellationToken);
        if (read == 0)
            throw new EndOfStreamException();
        remaining -= read;
        return new(target, read);
    }

    public void Dispose() => stream.Dispose();
}
