using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Rlef.Storage;
using static TorchSharp.torch;

namespace Rlef.Policy;

/// <summary>
/// Reads and writes safetensors files: a length, a JSON header that names type, shape and place of each tensor, then the data. Files written here
/// carry a SHA-256 of their data, so that a flipped bit is found; files without one, or that another tool edited, are read as they are.
/// </summary>
public static class Safetensors
{
    const int ChunkElements = 1 << 24;

    /// <summary>Writes tensors under another name, syncs and renames, so that the path never holds half a file.</summary>
    public static void Write(string path, IEnumerable<(string Name, Tensor Tensor)> tensors)
    {
        var all = tensors.ToList();
        var header = HeaderOf(all);
        AtomicFile.Write(path, stream =>
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            Append(header);
            var digest = Convert.ToHexStringLower(hash.GetHashAndReset());
            foreach (var (_, tensor) in all)
                foreach (var bytes in Chunks(tensor))
                    Append(bytes.Span);
            stream.Position = header.AsSpan().IndexOf(Encoding.UTF8.GetBytes(SafetensorsFile.NoDigest));
            stream.Write(Encoding.UTF8.GetBytes(digest + Convert.ToHexStringLower(hash.GetHashAndReset())));

            void Append(ReadOnlySpan<byte> bytes)
            {
                hash.AppendData(bytes);
                stream.Write(bytes);
            }
        });
    }

    /// <summary>
    /// Copies the file's tensors into those given, which it must name exactly, with the same shapes; types are converted. Everything is checked
    /// before the first tensor changes.
    /// </summary>
    /// <param name="ignored">Names that the file may hold besides.</param>
    /// <exception cref="InvalidDataException">The file is damaged or belongs to another model; the message names file and tensor.</exception>
    public static void ReadInto(string path, IEnumerable<(string Name, Tensor Tensor)> targets, params IReadOnlyCollection<string> ignored)
    {
        using var set = SafetensorsSet.OpenFile(path);
        var wanted = targets.ToList();
        set.Check([.. wanted.Select(w => (w.Name, w.Tensor.shape))], ignored.Contains);
        foreach (var (name, target) in wanted)
            set.CopyTo(name, target);
    }

    /// <summary>SHA-256 of names, types and elements of tensors.</summary>
    public static string Digest(IEnumerable<(string Name, Tensor Tensor)> tensors)
    {
        var all = tensors.ToList();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(HeaderOf(all));
        foreach (var (_, tensor) in all)
            foreach (var bytes in Chunks(tensor))
                hash.AppendData(bytes.Span);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // The digest's own place counts as zeros.
    static byte[] HeaderOf(List<(string Name, Tensor Tensor)> tensors)
    {
        var header = new Dictionary<string, object> { ["__metadata__"] = new Dictionary<string, string> { ["format"] = "pt", [SafetensorsFile.Checksum] = SafetensorsFile.NoDigest } };
        var at = 0L;
        foreach (var (name, tensor) in tensors)
        {
            var dtype = NameOf(tensor.dtype);
            var end = at + tensor.numel() * SafetensorsHeader.ElementSize(dtype);
            header.Add(name, new { dtype, shape = tensor.shape, data_offsets = (long[])[at, end] });
            at = end;
        }
        var json = JsonSerializer.SerializeToUtf8Bytes(header);
        var bytes = new byte[8 + (json.Length + 7) / 8 * 8];
        bytes.AsSpan(8).Fill((byte)' ');
        BinaryPrimitives.WriteInt64LittleEndian(bytes, bytes.Length - 8);
        json.CopyTo(bytes, 8);
        return bytes;
    }

    // Contiguous pieces on the CPU, each small enough for a span.
    static IEnumerable<ReadOnlyMemory<byte>> Chunks(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        var flat = tensor.detach().reshape(-1);
        for (var at = 0L; at < flat.numel(); at += ChunkElements)
        {
            using var chunk = flat.narrow(0, at, Math.Min(ChunkElements, flat.numel() - at)).cpu().contiguous();
            yield return chunk.bytes.ToArray();
        }
    }

    static string NameOf(ScalarType type) => type switch
    {
        ScalarType.Float64 => "F64",
        ScalarType.Float32 => "F32",
        ScalarType.BFloat16 => "BF16",
        ScalarType.Float16 => "F16",
        _ => throw new NotSupportedException($"Tensors of type {type} cannot be saved."),
    };
}
