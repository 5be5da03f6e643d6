using System.Globalization;
using Rlef.Storage;
using static TorchSharp.torch;

namespace Rlef.Policy;

/// <summary>A GGUF file in mapped memory: named values are read when asked for, tensors are unpacked straight into others, with no copy between.</summary>
sealed unsafe class GgufFile : IDisposable
{
    const int ChunkElements = 1 << 24, BatchElements = 1 << 16;

    readonly MappedFile file;
    readonly GgufHeader header;

    /// <exception cref="InvalidDataException">The header is damaged; the message names the file and the place.</exception>
    public GgufFile(string path)
    {
        Path = path;
        file = new(path);
        try
        {
            header = new(path, file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public string Path { get; }

    public IReadOnlyDictionary<string, GgufHeader.Entry> Entries => header.Entries;

    public bool Has(string key) => header.Values.ContainsKey(key);

    /// <summary>A named text, or null if there is none.</summary>
    /// <exception cref="InvalidDataException">The value is of another kind.</exception>
    public string? Text(string key) => Find(key) is not { } value ? null
        : value is { Kind: GgufKind.Text, Count: null } ? header.Text(value.Place, out _) : throw Other(key, value, "a text");

    public bool? Flag(string key) => Find(key) is not { } value ? null
        : value is { Kind: GgufKind.Bool, Count: null } ? header.At<byte>(value.Place) != 0 : throw Other(key, value, "true or false");

    /// <summary>A named finite number, or null. One of 32 bits becomes the number of the fewest digits that has these bits.</summary>
    public double? Number(string key)
    {
        if (Find(key) is not { } value)
            return null;
        var number = value.Count is not null ? double.NaN : value.Kind switch
        {
            GgufKind.Float32 => double.Parse(header.At<float>(value.Place).ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture),
            GgufKind.Float64 => header.At<double>(value.Place),
            _ => Whole(value.Kind, value.Place) is { } whole ? (double)whole : double.NaN,
        };
        return double.IsFinite(number) ? number : throw Other(key, value, "a finite number");
    }

    /// <summary>A named whole number, or null. A list, of a number for each layer, must have the same everywhere.</summary>
    public long? Whole(string key)
    {
        if (Find(key) is not { } value)
            return null;
        if (value.Count == 0 || Whole(value.Kind, value.Place) is not { } whole)
            throw Other(key, value, "a whole number");
        for (var i = 1L; i < value.Count; i++)
            if (Whole(value.Kind, value.Place + i * GgufHeader.Size(value.Kind)) != whole)
                throw new InvalidDataException($"{Path}: {key} differs from layer to layer, which Rlef does not compute.");
        return whole <= long.MaxValue ? (long)whole : throw new InvalidDataException($"{Path}: {key} is {whole}, which is too large.");
    }

    /// <summary>Number of elements of a named list, 0 if there is none.</summary>
    public long Count(string key) => Find(key)?.Count ?? 0;

    /// <summary>A named list of texts, or null.</summary>
    public string[]? Texts(string key)
    {
        if (Find(key) is not { } value)
            return null;
        if (value is not { Kind: GgufKind.Text, Count: { } count })
            throw Other(key, value, "a list of texts");
        var texts = new string[count];
        var place = value.Place;
        for (var i = 0; i < texts.Length; i++)
            texts[i] = header.Text(place, out place);
        return texts;
    }

    /// <summary>A named list of numbers of one kind, or null.</summary>
    public T[]? Numbers<T>(string key, GgufKind kind) where T : unmanaged
    {
        if (Find(key) is not { } value)
            return null;
        if (value.Count is not { } count || value.Kind != kind)
            throw Other(key, value, $"a list of {kind}");
        return new ReadOnlySpan<T>(file.Start + value.Place, checked((int)count)).ToArray();
    }

    /// <summary>A tensor's elements; for small ones.</summary>
    public float[] Elements(string name)
    {
        var entry = Entries[name];
        var values = new float[checked((int)(entry.Bytes / entry.Type.Bytes * entry.Type.Elements))];
        entry.Type.Decode(Bytes(entry, 0, entry.Bytes), values);
        return values;
    }

    /// <summary>Whether two tensors have the same type, shape and bytes.</summary>
    public bool Same(string one, string other)
    {
        var (first, second) = (Entries[one], Entries[other]);
        if (first.Type != second.Type || !first.Shape.SequenceEqual(second.Shape))
            return false;
        for (var at = 0L; at < first.Bytes; at += ChunkElements)
            if (Math.Min(ChunkElements, first.Bytes - at) is var count && !Bytes(first, at, count).SequenceEqual(Bytes(second, at, count)))
                return false;
        return true;
    }

    /// <summary>Unpacks a tensor into one of as many elements, on all cores.</summary>
    /// <param name="target">[rows, columns], of any type, on any device.</param>
    /// <param name="rowInFile">Which row of the file becomes a row of the target.</param>
    public void CopyTo(string name, Tensor target, Func<long, long> rowInFile)
    {
        var entry = Entries[name];
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        long rows = target.shape[0], columns = target.shape[1];
        var rowBytes = entry.Type.RowBytes(columns) ?? throw new InvalidDataException($"{Path}: tensor '{name}' of type {entry.Type.Name} cannot be cut into rows of {columns}.");
        var direct = target.dtype == ScalarType.Float32 && target.device_type == TorchSharp.DeviceType.CPU && target.is_contiguous();
        var chunk = Math.Max(1, ChunkElements / columns);
        for (var first = 0L; first < rows; first += chunk)
        {
            using var inner = NewDisposeScope();
            var count = Math.Min(chunk, rows - first);
            var part = target.narrow(0, first, count);
            var values = direct ? part : empty([count, columns]);
            var batch = Math.Max(1, BatchElements / columns);
            fixed (byte* bytes = values.bytes)
            {
                var (into, from) = ((nint)bytes, first);
                Parallel.For(0, (count + batch - 1) / batch, b =>
                {
                    for (var row = b * batch; row < Math.Min((b + 1) * batch, count); row++)
                        entry.Type.Decode(Bytes(entry, rowInFile(from + row) * rowBytes, rowBytes), new Span<float>((float*)into + row * columns, (int)columns));
                });
            }
            if (!direct)
                part.copy_(values);
        }
    }

    ReadOnlySpan<byte> Bytes(GgufHeader.Entry entry, long at, long count) => new(file.Start + entry.Start + at, checked((int)count));

    GgufHeader.Value? Find(string key) => header.Values.TryGetValue(key, out var value) ? value : null;

    Int128? Whole(GgufKind kind, long place) => kind switch
    {
        GgufKind.UInt8 => header.At<byte>(place),
        GgufKind.Int8 => header.At<sbyte>(place),
        GgufKind.UInt16 => header.At<ushort>(place),
        GgufKind.Int16 => header.At<short>(place),
        GgufKind.UInt32 => header.At<uint>(place),
        GgufKind.Int32 => header.At<int>(place),
        GgufKind.UInt64 => header.At<ulong>(place),
        GgufKind.Int64 => header.At<long>(place),
        _ => null,
    };

    InvalidDataException Other(string key, GgufHeader.Value value, string what) =>
        new($"{Path}: {key} is {(value.Count is { } count ? $"a list of {count} {value.Kind}" : $"of kind {value.Kind}")}, not {what}.");

    public void Dispose() => file.Dispose();
}
