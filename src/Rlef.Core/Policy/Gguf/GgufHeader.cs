using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;
using Rlef.Storage;

namespace Rlef.Policy;

/// <summary>
/// What a GGUF file (version 2 or 3, little-endian) says of itself: named values, and type, shape and place of each tensor. Parsing trusts nothing: no count
/// makes it allocate, every length is held against the bytes that are there, and the tensors must follow one another as the format prescribes.
/// </summary>
sealed unsafe class GgufHeader
{
    // Of the header; vocabularies of a quarter of a million tokens take a fifth.
    const long MaxBytes = 100_000_000;
    const int MaxDimensions = 4, MaxNesting = 4, MaxName = 65_535, DefaultAlignment = 32;

    readonly string path;
    readonly byte* start;
    readonly long length;
    long at;

    /// <param name="Shape">Rows before columns, as in Hugging Face's files; the format itself has the columns first.</param>
    /// <param name="Start">First byte in the file.</param>
    public readonly record struct Entry(GgufType Type, long[] Shape, long Start, long Bytes);

    /// <param name="Kind">Of the elements, if there are several.</param>
    /// <param name="Count">Null for a single value.</param>
    /// <param name="Place">Where the value or the first element begins.</param>
    public readonly record struct Value(GgufKind Kind, long? Count, long Place);

    /// <exception cref="InvalidDataException">The message names the file, the place and what is wrong there.</exception>
    public GgufHeader(string path, MappedFile file)
    {
        (this.path, length) = (path, Math.Min(file.Length, MaxBytes));
        start = file.Start;
        if (file.Length < 24 || !new ReadOnlySpan<byte>(start, 4).SequenceEqual("GGUF"u8))
            throw new InvalidDataException($"{path} is no GGUF file: " + (file.Length < 24 ? $"it has {file.Length} bytes." : "it does not begin with the letters GGUF."));
        at = 4;
        var version = Read<uint>("the version");
        if (version is not (2 or 3))
            throw new InvalidDataException($"{path} is GGUF of version {version}; versions 2 and 3 are read, " +
                (BinaryPrimitives.ReverseEndianness(version) is 2 or 3 ? "but not with the highest byte first." : "older ones must be converted by llama.cpp."));
        var tensors = Read<ulong>("the number of tensors");
        var values = Read<ulong>("the number of named values");
        // A tensor takes at least 24 bytes here, a value 13.
        if (tensors > (ulong)length / 24 || values > (ulong)length / 13)
            throw new InvalidDataException($"{path}: {tensors} tensors and {values} named values cannot be in {file.Length} bytes; the file is damaged.");
        for (var i = 0UL; i < values; i++)
            ReadValue();
        var alignment = (ulong)DefaultAlignment;
        if (Values.TryGetValue("general.alignment", out var stated))
            alignment = stated is { Kind: GgufKind.UInt32, Count: null } ? At<uint>(stated.Place) : 0;
        if (!BitOperations.IsPow2(alignment))
            throw new InvalidDataException($"{path}: general.alignment is {alignment}, not a power of two.");
        ReadTensors(tensors, (long)alignment, file.Length);
    }

    public Dictionary<string, Value> Values { get; } = [];

    /// <summary>In the file's order.</summary>
    public Dictionary<string, Entry> Entries { get; } = [];

    /// <summary>The text at a place that <see cref="Values"/> names, and the place behind it.</summary>
    public string Text(long place, out long next)
    {
        var count = checked((int)At<ulong>(place));
        next = place + 8 + count;
        return Encoding.UTF8.GetString(new ReadOnlySpan<byte>(start + place + 8, count));
    }

    /// <summary>The number at a place that <see cref="Values"/> names.</summary>
    public T At<T>(long place) where T : unmanaged => Unsafe.ReadUnaligned<T>(start + place);

    /// <summary>Bytes of a number, or of anything else at least.</summary>
    public static int Size(GgufKind kind) => kind switch
    {
        GgufKind.UInt8 or GgufKind.Int8 or GgufKind.Bool => 1,
        GgufKind.UInt16 or GgufKind.Int16 => 2,
        GgufKind.UInt32 or GgufKind.Int32 or GgufKind.Float32 => 4,
        GgufKind.Array => 12,
        _ => 8,
    };

    void ReadValue()
    {
        var place = at;
        var key = ReadName("the name of a value");
        var kind = ReadKind(key);
        var value = new Value(kind, null, at);
        if (kind == GgufKind.Array)
            value = SkipArray(key, 0);
        else
            Skip(key, kind, 0);
        if (!Values.TryAdd(key, value))
            throw Broken($"'{key.OneLine()}' is there twice", place);
    }

    Value SkipArray(string key, int depth)
    {
        if (depth == MaxNesting)
            throw Broken($"the lists of '{key.OneLine()}' are nested more than {MaxNesting} deep", at);
        var kind = ReadKind(key);
        var place = at;
        var count = Read<ulong>($"the length of '{key.OneLine()}'");
        if (count > (ulong)(length - at) / (ulong)Size(kind))
            throw Broken($"'{key.OneLine()}' has a list of {count} elements, more than the file has room for", place);
        var array = new Value(kind, (long)count, at);
        if (kind is GgufKind.Text or GgufKind.Array or GgufKind.Bool)
            for (var i = 0UL; i < count; i++)
                Skip(key, kind, depth + 1);
        else
            at += (long)count * Size(kind);
        return array;
    }

    void Skip(string key, GgufKind kind, int depth)
    {
        var place = at;
        switch (kind)
        {
            case GgufKind.Text:
                var count = Read<ulong>($"the length of '{key.OneLine()}'");
                if (count > (ulong)(length - at))
                    throw Broken($"'{key.OneLine()}' has a text of {count} bytes, which goes beyond the file's end", place);
                at += (long)count;
                break;
            case GgufKind.Array:
                SkipArray(key, depth);
                break;
            case GgufKind.Bool:
                if (Read<byte>($"'{key.OneLine()}'") is > 1 and var value)
                    throw Broken($"'{key.OneLine()}' is {value} where 0 or 1 must stand", place);
                break;
            default:
                Need(Size(kind), $"'{key.OneLine()}'");
                at += Size(kind);
                break;
        }
    }

    void ReadTensors(ulong count, long alignment, long fileLength)
    {
        List<(string Name, GgufType Type, long[] Shape, ulong Offset)> found = [];
        for (var i = 0UL; i < count; i++)
        {
            var name = ReadName("the name of a tensor");
            var what = $"tensor '{name.OneLine()}'";
            var place = at;
            var dimensions = Read<uint>(what);
            if (dimensions is 0 or > MaxDimensions)
                throw Broken($"{what} has {dimensions} dimensions; there are 1 to {MaxDimensions}", place);
            var shape = new long[dimensions];
            for (var d = shape.Length; d-- > 0;)
                if ((shape[d] = (long)Math.Min(Read<ulong>(what), long.MaxValue)) == 0)
                    throw Broken($"{what} has a dimension of 0", place);
            place = at;
            var type = Read<uint>(what);
            found.Add((name, GgufType.Find(type) ?? throw Broken($"{what} has type {GgufType.NameOf(type)}. Rlef reads {GgufType.KnownNames}", place),
                shape, Read<ulong>(what)));
        }
        var data = Aligned(at, alignment);
        var expected = (Int128)0;
        foreach (var (name, type, shape, offset) in found)
        {
            var what = $"{path}: tensor '{name.OneLine()}'";
            if (shape[^1] % type.Elements != 0)
                throw new InvalidDataException($"{what} has rows of {shape[^1]}, which do not divide into {type.Name}'s blocks of {type.Elements}.");
            // What cannot be in the file is multiplied no further, so that 128 bits are enough.
            var all = (Int128)(shape[^1] / type.Elements) * type.Bytes;
            foreach (var size in shape.AsSpan(0, shape.Length - 1))
                all = all > fileLength ? all : all * size;
            if (offset != expected)
                throw new InvalidDataException($"{what} begins at byte {offset} of the data, where {expected} is due.");
            if (data + expected + all > fileLength)
                throw new InvalidDataException($"{what} of type {type.Name} and shape [{string.Join(", ", shape)}] goes beyond the file's end; the file is damaged or was cut short.");
            if (!Entries.TryAdd(name, new(type, shape, data + (long)expected, (long)all)))
                throw new InvalidDataException($"{what} is listed twice.");
            expected = Aligned((long)(expected + all), alignment);
        }
    }

    static long Aligned(long place, long alignment) => (place + alignment - 1) / alignment * alignment;

    string ReadName(string what)
    {
        var place = at;
        var count = Read<ulong>(what);
        if (count is 0 or > MaxName || count > (ulong)(length - at))
            throw Broken($"{what} has {count} bytes; the file is damaged", place);
        at += (long)count;
        return Text(place, out _);
    }

    GgufKind ReadKind(string key)
    {
        var place = at;
        var kind = (GgufKind)Read<uint>($"'{key.OneLine()}'");
        return Enum.IsDefined(kind) ? kind : throw Broken($"'{key.OneLine()}' is of kind {(uint)kind}, which the format does not know", place);
    }

    T Read<T>(string what) where T : unmanaged
    {
        Need(sizeof(T), what);
        var value = At<T>(at);
        at += sizeof(T);
        return value;
    }

    void Need(int bytes, string what)
    {
        if (length - at < bytes)
            throw Broken(length == MaxBytes ? $"the header is longer than {MaxBytes} bytes" : $"the file ends within {what}", at);
    }

    InvalidDataException Broken(string what, long place) => new($"{path}, byte {place}: {what}.");
}
