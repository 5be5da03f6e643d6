using System.Buffers.Binary;
using System.Text.Json;
using Rlef.Storage;

namespace Rlef.Policy;

/// <summary>
/// What a safetensors file says of itself: type, shape and place of each tensor, and free text. Parsing trusts nothing: it reads no more than
/// the file has, and the places must tile the data without gap or overlap, as the format prescribes.
/// </summary>
sealed class SafetensorsHeader
{
    const long MaxBytes = 100_000_000;
    const int MaxDimensions = 8;

    /// <param name="Start">First byte, counted from the start of the data.</param>
    /// <param name="End">Byte after the last.</param>
    public readonly record struct Entry(string Dtype, long[] Shape, long Start, long End);

    SafetensorsHeader(byte[] json) => Json = json;

    public Dictionary<string, Entry> Entries { get; } = [];
    public Dictionary<string, string> Metadata { get; } = [];

    /// <summary>The header's bytes after its length.</summary>
    public byte[] Json { get; }

    /// <summary>Where the data begins in the file.</summary>
    public long DataStart => 8 + Json.Length;

    /// <summary>Bytes of one element, 0 for a type that the format does not know.</summary>
    public static int ElementSize(string dtype) => dtype switch
    {
        "BOOL" or "U8" or "I8" or "F8_E5M2" or "F8_E4M3" => 1,
        "I16" or "U16" or "F16" or "BF16" => 2,
        "I32" or "U32" or "F32" => 4,
        "I64" or "U64" or "F64" => 8,
        _ => 0,
    };

    /// <exception cref="InvalidDataException">The message names the file and, where one is at fault, the tensor.</exception>
    public static SafetensorsHeader Read(string path, Stream stream)
    {
        if (stream.Length < 8)
            throw new InvalidDataException($"{path}: {stream.Length} bytes are no safetensors file; it was cut short.");
        Span<byte> prefix = stackalloc byte[8];
        stream.ReadExactly(prefix);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length is < 2 or > MaxBytes || length > (ulong)stream.Length - 8)
            throw new InvalidDataException($"{path}: a header of {length} bytes cannot be in a file of {stream.Length}; it is damaged or no safetensors file.");
        var json = new byte[length];
        stream.ReadExactly(json);
        var header = new SafetensorsHeader(json);
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new InvalidDataException($"{path}: the header is not a JSON object.");
            foreach (var property in document.RootElement.EnumerateObject())
                header.Add(path, property, stream.Length - header.DataStart);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"{path}: the header is not valid JSON: {e.OneLine()}", e);
        }
        header.CheckTiling(path, stream.Length - header.DataStart);
        return header;
    }

    void Add(string path, JsonProperty property, long available)
    {
        if (property.Name == "__metadata__")
        {
            if (property.Value.ValueKind != JsonValueKind.Object || property.Value.EnumerateObject().Any(p => p.Value.ValueKind != JsonValueKind.String))
                throw new InvalidDataException($"{path}: __metadata__ must map names to text.");
            foreach (var item in property.Value.EnumerateObject())
                Metadata[item.Name] = item.Value.GetString()!;
            return;
        }
        if (!Entries.TryAdd(property.Name, ReadEntry(path, property, available)))
            throw new InvalidDataException($"{path}: tensor '{property.Name.OneLine()}' is listed twice.");
    }

    static Entry ReadEntry(string path, JsonProperty property, long available)
    {
        var where = $"{path}: tensor '{property.Name.OneLine()}'";
        if (property.Value.ValueKind != JsonValueKind.Object
            || !property.Value.TryGetProperty("dtype", out var dtypeElement) || dtypeElement.ValueKind != JsonValueKind.String
            || !property.Value.TryGetProperty("shape", out var shapeElement) || Numbers(shapeElement, MaxDimensions) is not { } shape
            || !property.Value.TryGetProperty("data_offsets", out var offsetsElement) || Numbers(offsetsElement, 2) is not [var start, var end])
            throw new InvalidDataException($"{where} needs a dtype, a shape of at most {MaxDimensions} sizes and two data_offsets.");
        var dtype = dtypeElement.GetString()!;
        if (ElementSize(dtype) == 0)
            throw new InvalidDataException($"{where} has the unknown type '{dtype.OneLine()}'.");
        if (end < start || end > available)
            throw new InvalidDataException($"{where} lies at [{start}, {end}), outside of the file's {available} bytes of data; the file is damaged or was cut short.");
        var bytes = (Int128)ElementSize(dtype);
        foreach (var size in shape)
            bytes = size == 0 ? 0 : bytes > available ? bytes : bytes * size;
        if (bytes != end - start)
            throw new InvalidDataException($"{where} claims {dtype} of shape [{string.Join(", ", shape)}], which does not fill its {end - start} bytes.");
        return new(dtype, shape, start, end);
    }

    // Non-negative integers, or null.
    static long[]? Numbers(JsonElement element, int limit)
    {
        if (element.ValueKind != JsonValueKind.Array || element.GetArrayLength() > limit)
            return null;
        var numbers = new long[element.GetArrayLength()];
        var i = 0;
        foreach (var item in element.EnumerateArray())
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt64(out numbers[i]) || numbers[i++] < 0)
                return null;
        return numbers;
    }

    void CheckTiling(string path, long available)
    {
        var at = 0L;
        foreach (var (name, entry) in Entries.OrderBy(e => e.Value.Start).ThenBy(e => e.Value.End))
        {
            if (entry.Start != at)
                throw new InvalidDataException($"{path}: tensor '{name.OneLine()}' begins at byte {entry.Start} of the data, but the one before ends at {at}.");
            at = entry.End;
        }
        if (at != available)
            throw new InvalidDataException($"{path}: the tensors fill {at} bytes, but the file has {available} bytes of data.");
    }
}
