using System.IO.Compression;

namespace Rlef.Problems.Formats;

/// <summary>
/// Reads gzip data of one or more members, and throws where they break off. <see cref="GZipStream"/> alone takes a broken end for the end. So a member of
/// our own is put behind the data: unless its content, and that alone, comes out once the data are used up, they were not whole.
/// </summary>
sealed class WholeGzipStream : ForwardStream
{
    static readonly byte[] Seal = "rlef: the data before are whole"u8.ToArray();
    static readonly byte[] SealMember = Zip(Seal);

    readonly Sealed source;
    readonly GZipStream plain;

    public WholeGzipStream(Stream compressed)
    {
        source = new(compressed);
        plain = new(source, CompressionMode.Decompress);
    }

    public override int Read(Span<byte> target)
    {
        if (target.IsEmpty || source.Ended)
            return 0;
        var read = plain.Read(target);
        if (!source.Ended)
            return read;
        // What comes out now is the seal, or a broken end's misreading of it.
        var rest = new byte[Seal.Length + 1];
        var count = Math.Min(read, rest.Length);
        target[..count].CopyTo(rest);
        count += plain.ReadAtLeast(rest.AsSpan(count), rest.Length - count, throwOnEndOfStream: false);
        return rest.AsSpan(0, count).SequenceEqual(Seal) ? 0 : throw new InvalidDataException("the end is missing");
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

        /// <summary>Whether the data are used up.</summary>
        public bool Ended { get; private set; }

        public override int Read(Span<byte> target)
        {
            if (data.Read(target) is > 0 and var read)
                return read;
            Ended = true;
            return member.Read(target);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                data.Dispose();
            base.Dispose(disposing);
        }
    }
}
