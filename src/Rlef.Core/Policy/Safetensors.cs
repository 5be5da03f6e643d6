using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using static TorchSharp.torch;

namespace Rlef.Policy;

/// <summary>
/// Reads and writes safetensors files: a length, a JSON header that names type, shape and place of each tensor, then the data. Files written here
/// carry a checksum of their data, so that a flipped bit is found.
/// </summary>
public static class Safetensors
{
    const long MaxHeader = 100_000_000;
    const string Checksum = "sha256";

    /// <summary>Writes tensors under another name, syncs and renames, so that the path never holds half a file.</summary>
    public static void Write(string path, IEnumerable<(string Name, Tensor Tensor)> tensors)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var data = new List<byte[]>();
        var header = new Dictionary<string, object>();
        var at = 0L;
        foreach (var (name, tensor) in tensors)
        {
            using var scope = NewDisposeScope();
            var bytes = tensor.detach().cpu().contiguous().bytes.ToArray();
            header.Add(name, new { dtype = NameOf(tensor.dtype), shape = tensor.shape, data_offsets = (long[])[at, at + bytes.Length] });
            at += bytes.Length;
            hash.AppendData(bytes);
            data.Add(bytes);
        }
        header.Add("__metadata__", new Dictionary<string, string> { ["format"] = "pt", [Checksum] = Convert.ToHexString(hash.GetHashAndReset()) });
        var json = JsonSerializer.SerializeToUtf8Bytes(header);
        var length = new byte[8];
        var padding = (8 - json.Length % 8) % 8;
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length + padding);
        var temporary = path + ".tmp";
        using (var stream = new FileStream(temporary, FileMode.Create))
        {
            stream.Write(length);
            stream.Write(json);
            stream.Write("        "u8[..padding]);
            foreach (var bytes in data)
                stream.Write(bytes);
            stream.Flush(flushToDisk: true);
        }
        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>Copies the file's tensors into those given, which it must name exactly, with the same shapes.</summary>
    /// <exception cref="InvalidDataException">The file is damaged or belongs to another model; the message names file and tensor.</exception>
    public static void ReadInto(string path, IEnumerable<(string Name, Tensor Tensor)> targets)
    {
        using var stream = File.OpenRead(path);
        var entries = ReadHeader(path, stream, out var dataStart, out var checksum);
        var data = new byte[stream.Length - dataStart];
        stream.Position = dataStart;
        stream.ReadExactly(data);
        if (checksum is not null && Convert.ToHexString(SHA256.HashData(data)) != checksum)
            throw new InvalidDataException($"{path}: the checksum does not match; the file is damaged. Delete it and use another checkpoint.");
        using var _ = no_grad();
        foreach (var (name, target) in targets)
        {
            if (!entries.Remove(name, out var entry))
                throw new InvalidDataException($"{path}: tensor '{name}' is missing.");
            if (!entry.Shape.SequenceEqual(target.shape))
                throw new InvalidDataException($"{path}: tensor '{name}' has shape [{string.Join(", ", entry.Shape)}], the model needs " +
                    $"[{string.Join(", ", target.shape)}]. Is this a checkpoint of another model?");
            using var scope = NewDisposeScope();
            var local = zeros(entry.Shape, entry.Type);
            data.AsSpan(checked((int)entry.Start), checked((int)(entry.End - entry.Start))).CopyTo(local.bytes);
            target.copy_(local.to(target.dtype).to(target.device));
        }
        if (entries.Count > 0)
            throw new InvalidDataException($"{path}: tensor '{entries.Keys.First()}' has no place in this model.");
    }

    readonly record struct Entry(ScalarType Type, long[] Shape, long Start, long End);

    static Dictionary<string, Entry> ReadHeader(string path, FileStream stream, out long dataStart, out string? checksum)
    {
        var prefix = new byte[8];
        if (stream.Length < 8)
            throw new InvalidDataException($"{path}: {stream.Length} bytes are no safetensors file; it was cut short.");
        stream.ReadExactly(prefix);
        var length = BinaryPrimitives.ReadInt64LittleEndian(prefix);
        if (length is <= 0 or > MaxHeader || length > stream.Length - 8)
            throw new InvalidDataException($"{path}: a header of {length} bytes cannot be in a file of {stream.Length}; it is damaged or no safetensors file.");
        var json = new byte[length];
        stream.ReadExactly(json);
        dataStart = 8 + length;
        checksum = null;
        var entries = new Dictionary<string, Entry>();
        try
        {
            using var document = JsonDocument.Parse(json);
            foreach (var property in document.RootElement.EnumerateObject())
                if (property.Name == "__metadata__")
                    checksum = property.Value.TryGetProperty(Checksum, out var c) ? c.GetString() : null;
                else
                    entries.Add(property.Name, ReadEntry(path, property, stream.Length - dataStart));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new InvalidDataException($"{path}: the header is not what safetensors prescribes: {e.Message}", e);
        }
        return entries;
    }

    static Entry ReadEntry(string path, JsonProperty property, long available)
    {
        var type = TypeOf(path, property.Name, property.Value.GetProperty("dtype").GetString());
        long[] shape = [.. property.Value.GetProperty("shape").EnumerateArray().Select(x => x.GetInt64())];
        long[] offsets = [.. property.Value.GetProperty("data_offsets").EnumerateArray().Select(x => x.GetInt64())];
        var size = shape.Aggregate((Int128)(type is ScalarType.Float32 ? 4 : 2), (a, b) => a * b);
        if (shape.Any(s => s < 0) || offsets is not [var start, var end] || start < 0 || end < start || end > available || size != end - start)
            throw new InvalidDataException($"{path}: tensor '{property.Name}' claims shape [{string.Join(", ", shape)}] at " +
                $"[{string.Join(", ", offsets)}], which does not fit the file.");
        return new(type, shape, start, end);
    }

    static string NameOf(ScalarType type) => type switch
    {
        ScalarType.Float32 => "F32",
        ScalarType.BFloat16 => "BF16",
        ScalarType.Float16 => "F16",
        _ => throw new NotSupportedException($"Tensors of type {type} cannot be saved."),
    };

    static ScalarType TypeOf(string path, string tensor, string? name) => name switch
    {
        "F32" => ScalarType.Float32,
        "BF16" => ScalarType.BFloat16,
        "F16" => ScalarType.Float16,
        _ => throw new InvalidDataException($"{path}: tensor '{tensor}' has type '{name}'; F32, BF16 and F16 are supported."),
    };
}
