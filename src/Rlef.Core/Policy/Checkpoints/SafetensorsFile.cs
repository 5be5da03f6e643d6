using System.Security.Cryptography;
using System.Text;
using Rlef.Storage;
using static TorchSharp.torch;

namespace Rlef.Policy;

/// <summary>A safetensors file in mapped memory: tensors are copied from it straight into their own, with no copy between.</summary>
sealed unsafe class SafetensorsFile : IDisposable
{
    /// <summary>Name of the metadata that holds the SHA-256 of a file's header and then that of its data, and what stands in their place in the header.</summary>
    public const string Checksum = "rlef.sha256";
    public static readonly string NoDigest = new('0', 128);

    const int ChunkElements = 1 << 24;

    readonly MappedFile file;
    readonly byte* data;
    readonly long dataLength;

    /// <exception cref="InvalidDataException">The header is damaged; the message names file and tensor.</exception>
    public SafetensorsFile(string path)
    {
        Path = path;
        file = new(path);
        try
        {
            using var stream = file.Open();
            Header = SafetensorsHeader.Read(path, stream);
        }
        catch
        {
            file.Dispose();
            throw;
        }
        data = file.Start + Header.DataStart;
        dataLength = file.Length - Header.DataStart;
    }

    public string Path { get; }
    public SafetensorsHeader Header { get; }

    /// <summary>Element type of the tensors, null for one that the policy does not compute with.</summary>
    public static ScalarType? TypeOf(string dtype) => dtype switch
    {
        "F64" => ScalarType.Float64,
        "F32" => ScalarType.Float32,
        "BF16" => ScalarType.BFloat16,
        "F16" => ScalarType.Float16,
        _ => null,
    };

    /// <summary>
    /// Compares the data with the checksum that the file carries, if it does. Another tool that edits a file hands on the metadata it found, with the old
    /// checksum: its header is not the one that the checksum speaks of, and the file is taken as it is.
    /// </summary>
    /// <exception cref="InvalidDataException">They differ.</exception>
    public void CheckDigest()
    {
        if (!Header.Metadata.TryGetValue(Checksum, out var digest) || digest.Length != NoDigest.Length)
            return;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(BitConverter.GetBytes((long)Header.Json.Length));
        hash.AppendData(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Header.Json).Replace(digest, NoDigest, StringComparison.Ordinal)));
        if (Convert.ToHexStringLower(hash.GetHashAndReset()) != digest[..64])
            return;
        for (var done = 0L; done < dataLength; done += 1 << 24)
            hash.AppendData(new ReadOnlySpan<byte>(data + done, (int)Math.Min(1 << 24, dataLength - done)));
        if (Convert.ToHexStringLower(hash.GetHashAndReset()) != digest[64..])
            throw new InvalidDataException($"{Path}: the checksum does not match; the file is damaged. Delete it and use another checkpoint.");
    }

    /// <summary>Whether an entry's bytes are those of another's of the same length.</summary>
    public bool HoldsBytes(SafetensorsHeader.Entry entry, SafetensorsFile other, SafetensorsHeader.Entry theirs)
    {
        for (long at = 0, length = entry.End - entry.Start; at < length; at += ChunkElements)
        {
            var count = (int)Math.Min(ChunkElements, length - at);
            if (!new ReadOnlySpan<byte>(data + entry.Start + at, count).SequenceEqual(new(other.data + theirs.Start + at, count)))
                return false;
        }
        return true;
    }

    /// <summary>Copies a tensor of the file into one of the same shape; types are converted.</summary>
    public void CopyTo(SafetensorsHeader.Entry entry, Tensor target)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var flat = target.detach().view(-1);
        var type = TypeOf(entry.Dtype)!.Value;
        var size = SafetensorsHeader.ElementSize(entry.Dtype);
        var direct = type == flat.dtype && flat.device_type == TorchSharp.DeviceType.CPU;
        for (var at = 0L; at < flat.numel(); at += ChunkElements)
        {
            var count = Math.Min(ChunkElements, flat.numel() - at);
            var source = new ReadOnlySpan<byte>(data + entry.Start + at * size, checked((int)(count * size)));
            using var part = flat.narrow(0, at, count);
            if (direct)
            {
                source.CopyTo(part.bytes);
                continue;
            }
            using var chunk = empty([count], type);
            source.CopyTo(chunk.bytes);
            part.copy_(chunk);
        }
    }

    public void Dispose() => file.Dispose();
}
