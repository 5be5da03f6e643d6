using System.Runtime.InteropServices;
using System.Text;
using Docker.DotNet;

namespace Rlef.Execution;

/// <summary>A container's standard input and output as one stream. What comes on its standard error is put aside.</summary>
sealed class ContainerStream(MultiplexedStream stream) : Stream
{
    const int MaxComplaint = 1 << 16;

    readonly byte[] block = new byte[1 << 16];
    readonly StringBuilder complaint = new();
    int start, end;
    bool atEnd;
    Task? waiting;

    /// <summary>Waits until there is something to read, or the end.</summary>
    public Task WaitAsync(CancellationToken cancellation) => waiting is { IsCompleted: false } ? waiting : waiting = FillAsync(cancellation);

    async Task FillAsync(CancellationToken cancellation)
    {
        while (start == end && !atEnd)
        {
            var result = await stream.ReadOutputAsync(block, 0, block.Length, cancellation);
            atEnd = result.EOF;
            if (result.Target == MultiplexedStream.TargetStream.StandardOut)
                (start, end) = (0, result.Count);
            else if (complaint.Length < MaxComplaint)
                complaint.Append(Encoding.UTF8.GetString(block, 0, result.Count));
        }
    }

    /// <summary>What a container that has ended wrote to its standard error.</summary>
    public async Task<string> ComplaintAsync()
    {
        for (start = end; !atEnd; start = end)
            await WaitAsync(CancellationToken.None);
        return complaint.ToString().Trim();
    }

    public override bool CanRead => true;
    public override bool CanWrite => true;
    public override bool CanSeek => false;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // What is awaited may have been begun by another, with a patience of its own.
        await WaitAsync(cancellationToken).WaitAsync(cancellationToken);
        var count = Math.Min(buffer.Length, end - start);
        block.AsSpan(start, count).CopyTo(buffer.Span);
        start += count;
        return count;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!MemoryMarshal.TryGetArray(buffer, out var array))
            array = buffer.ToArray();
        await stream.WriteAsync(array.Array!, array.Offset, array.Count, cancellationToken);
    }

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();
    public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            stream.Dispose();
        base.Dispose(disposing);
    }
}
