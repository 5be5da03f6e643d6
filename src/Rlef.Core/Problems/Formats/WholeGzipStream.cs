using System.IO.Compression;

namespace Rlef.Problems.Formats;

/// <summary>
/// Reads gzip data of one or more members, and throws where they break off. <see cref="GZipStream"/> alone takes a broken end for the end. So a member of
/// our own is put behind the data, and only when its content comes out last did all that stands before it come out whole.
/// </summary>
sealed class WholeGzipStream(Stream compressed) : ForwardStream
{
    static readonly byte[] Seal = "rlef: the data before are whole"u8.ToArray();
    static readonly byte[] SealMember = Zip(Seal);

    readonly GZipStream plain = new(new Sealed(compressed), CompressionMode.Decompress);
    readonly byte[] buffer = new byte[1 << 16];
    int start, end;
    bool over;

    public override int Read(Span<byte> target)
    {
        while (!over && end - start <= Seal.Length)
            Fill();
        // The last bytes so far may be the seal.
        var count = Math.Min(target.Length, end - start - Seal.Length);
        if (count <= 0)
            return 0;
        buffer.AsSpan(start, count).CopyTo(target);
        start += count;
        return count;
    }

    void Fill()
    {
        buffer.AsSpan(start, end - start).CopyTo(buffer);
        (start, end) = (0, end - start);
        var read = plain.Read(buffer.AsSpan(end));
        end += read;
        over = read == 0;
        if (over && !buffer.AsSpan(start, end - start).EndsWith(Seal))
            throw new InvalidDataException("the end is missing");
    }

    static byte[] Zip(byte[] content)
    {
        using var member = new MemoryStream();
        using (var zip = new GZipStream(member, CompressionLevel.Fastest))
            zip.Write(content);
        return member.ToArray();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            plain.Dispose();
        base.Dispose(disposing);
    }

    // The data, and our member behind them.
    sealed class Sealed(Stream data) : ForwardStream
    {
        readonly MemoryStream member = new(SealMember);

        public override int Read(Span<byte> target) => data.Read(target) is > 0 and var read ? read : member.Read(target);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                data.Dispose();
            base.Dispose(disposing);
        }
    }
}
