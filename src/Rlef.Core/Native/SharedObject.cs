using System.Buffers.Binary;
using System.Text;

namespace Rlef.Native;

/// <summary>
/// The symbol versions of a shared library: which it defines, and which it needs of others. For 64-bit little-endian ELF files (System V ABI; the sections
/// <c>.gnu.version</c>, <c>.gnu.version_d</c> and <c>.gnu.version_r</c> as in the Linux Standard Base, chapter 10.7).
/// </summary>
public sealed class SharedObject
{
    const int SectionHeaderSize = 64, SymbolSize = 24, RelocationSize = 24;
    const uint RelocationsWithAddend = 4, DynamicSymbols = 11, VersionsDefined = 0x6ffffffd, VersionsNeeded = 0x6ffffffe, SymbolVersions = 0x6fffffff;

    readonly byte[] image;
    readonly string path;
    readonly Section[] sections;

    readonly record struct Section(uint Type, int Offset, int Size, int Link, int Count);

    readonly record struct Need(string Name, int At, ushort Index);

    SharedObject(string path, byte[] image)
    {
        (this.path, this.image) = (path, image);
        try
        {
            if (!image.AsSpan(0, 6).SequenceEqual("\u007fELF\u0002\u0001"u8))
                throw Broken("it does not begin as a 64-bit ELF file does");
            int start = Offset(0x28), count = U16(0x3c);
            if (U16(0x3a) != SectionHeaderSize)
                throw Broken("its sections have headers of an unknown size");
            sections = [.. Enumerable.Range(0, count).Select(i => start + i * SectionHeaderSize)
                .Select(at => new Section(U32(at + 4), Offset(at + 24), Offset(at + 32), (int)U32(at + 40), (int)U32(at + 44)))];
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or IndexOutOfRangeException or OverflowException)
        {
            throw Broken("it ends too early");
        }
    }

    /// <exception cref="InvalidDataException">The file is no 64-bit ELF file, or damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static SharedObject Load(string path) => new(path, File.ReadAllBytes(path));

    /// <summary>The file's bytes.</summary>
    public ReadOnlyMemory<byte> Image => image;

    /// <summary>Versions that the library defines, such as <c>GLIBCXX_3.4.30</c>.</summary>
    public IReadOnlyList<string> Defined => Guarded(() =>
    {
        List<string> names = [];
        if (Find(VersionsDefined) is not { } section)
            return names;
        var at = section.Offset;
        for (var i = 0; i < section.Count; i++)
        {
            names.Add(Text(section.Link, (int)U32(at + (int)U32(at + 12))));
            if (!Next(ref at, 16))
                break;
        }
        return names;
    });

    /// <summary>Versions that the library needs of others, in the file's order.</summary>
    public IReadOnlyList<string> Needed => Guarded(() => Needs().ConvertAll(need => need.Name));

    /// <summary>
    /// A copy that asks for <paramref name="other"/>, a version it needs already, where it asked for <paramref name="version"/>. That is sound for a version
    /// whose only symbol is <paramref name="anchor"/>, undefined and without a relocation: nobody looks such a symbol up, only its version is asked for.
    /// </summary>
    /// <exception cref="InvalidDataException">The file needs that version for something else, or does not need one of the two.</exception>
    public byte[] Redirect(string version, string other, string anchor) => Guarded(() =>
    {
        var needs = Needs();
        if (needs.Find(need => need.Name == version) is not { Name: not null } from || needs.Find(need => need.Name == other) is not { Name: not null } to)
            throw Broken($"it does not need both {version} and {other}");
        var symbols = SymbolsOf(from.Index);
        if (symbols.Count != 1 || symbols[0].Name != anchor)
            throw Broken($"it needs {version} for {string.Join(", ", symbols.Select(s => s.Name).Where(n => n != anchor).Take(3))} too");
        if (IsRelocated(symbols[0].Index))
            throw Broken($"it uses {anchor} of {version}");
        var copy = image.ToArray();
        // An auxiliary entry is hash (4 bytes), flags (2), index (2), name (4), next (4): the copy takes over hash and name.
        image.AsSpan(to.At, 4).CopyTo(copy.AsSpan(from.At));
        image.AsSpan(to.At + 8, 4).CopyTo(copy.AsSpan(from.At + 8));
        return copy;
    });

    List<Need> Needs()
    {
        List<Need> needs = [];
        if (Find(VersionsNeeded) is not { } section)
            return needs;
        var at = section.Offset;
        for (var i = 0; i < section.Count; i++)
        {
            var entry = at + (int)U32(at + 8);
            for (var j = 0; j < U16(at + 2); j++)
            {
                needs.Add(new(Text(section.Link, (int)U32(entry + 8)), entry, U16(entry + 6)));
                if (!Next(ref entry, 12))
                    break;
            }
            if (!Next(ref at, 12))
                break;
        }
        return needs;
    }

    List<(int Index, string Name)> SymbolsOf(ushort version)
    {
        var symbols = Find(DynamicSymbols) ?? throw Broken("it has no dynamic symbols");
        var versions = Find(SymbolVersions) ?? throw Broken("its symbols have no versions");
        List<(int, string)> found = [];
        for (var i = 0; i < versions.Size / 2; i++)
            // The highest bit hides a symbol.
            if ((U16(versions.Offset + 2 * i) & 0x7fff) == version)
                found.Add((i, Text(symbols.Link, (int)U32(symbols.Offset + i * SymbolSize))));
        return found;
    }

    bool IsRelocated(int symbol)
    {
        foreach (var section in sections)
            if (section.Type == RelocationsWithAddend)
                for (var at = section.Offset; at < section.Offset + section.Size; at += RelocationSize)
                    if (U32(at + 12) == symbol)
                        return true;
        return false;
    }

    Section? Find(uint type) => Array.FindIndex(sections, s => s.Type == type) is >= 0 and var i ? sections[i] : null;

    string Text(int section, int offset)
    {
        var at = sections[section].Offset + offset;
        return Encoding.UTF8.GetString(image.AsSpan(at, image.AsSpan(at).IndexOf((byte)0)));
    }

    // A list goes forward or ends, so that a damaged file cannot lead in circles.
    bool Next(ref int at, int field)
    {
        var step = U32(at + field);
        at = checked(at + (int)step);
        return step > 0;
    }

    ushort U16(int at) => BinaryPrimitives.ReadUInt16LittleEndian(image.AsSpan(at, 2));
    uint U32(int at) => BinaryPrimitives.ReadUInt32LittleEndian(image.AsSpan(at, 4));
    int Offset(int at) => checked((int)BinaryPrimitives.ReadUInt64LittleEndian(image.AsSpan(at, 8)));

    T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or IndexOutOfRangeException or OverflowException)
        {
            throw Broken("its tables point outside of it");
        }
    }

    InvalidDataException Broken(string why) => new($"{path} cannot be read as a shared library: {why}.");
}
