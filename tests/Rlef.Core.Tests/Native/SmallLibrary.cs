using System.Text;

namespace Rlef.Core.Tests.Native;

/// <summary>Makes small shared libraries with symbol versions, to be read and not to be run.</summary>
static class SmallLibrary
{
    /// <param name="Symbol">An undefined symbol.</param>
    /// <param name="Version">The version that it asks of libstdc++.so.6.</param>
    /// <param name="Relocated">Whether something uses it.</param>
    public sealed record Use(string Symbol, string Version, bool Relocated = false);

    /// <param name="defined">Versions that the library defines.</param>
    public static byte[] Of(IReadOnlyList<Use> uses, IReadOnlyList<string>? defined = null)
    {
        var strings = new MemoryStream();
        strings.WriteByte(0);
        var offsets = new Dictionary<string, uint>();
        uint Text(string text)
        {
            if (offsets.TryGetValue(text, out var known))
                return known;
            offsets[text] = (uint)strings.Length;
            strings.Position = strings.Length;
            strings.Write([.. Encoding.UTF8.GetBytes(text), 0]);
            return offsets[text];
        }

        List<string> versions = [.. uses.Select(use => use.Version).Distinct()];
        MemoryStream symbols = new(), marks = new(), needs = new(), relocations = new(), definitions = new();
        Write(symbols, new byte[24]);
        Write(marks, (ushort)0);
        foreach (var (use, i) in uses.Select((use, i) => (use, i)))
        {
            Write(symbols, Text(use.Symbol), (byte)0x12, (byte)0, (ushort)0, 0UL, 0UL);
            Write(marks, (ushort)(2 + versions.IndexOf(use.Version)));
            if (use.Relocated)
                Write(relocations, 0UL, 7UL | (ulong)(i + 1) << 32, 0L);
        }
        Write(needs, (ushort)1, (ushort)versions.Count, Text("libstdc++.so.6"), 16u, 0u);
        for (var i = 0; i < versions.Count; i++)
            Write(needs, Hash(versions[i]), (ushort)0, (ushort)(2 + i), Text(versions[i]), i + 1 < versions.Count ? 16u : 0u);
        for (var i = 0; i < (defined?.Count ?? 0); i++)
            Write(definitions, (ushort)1, (ushort)0, (ushort)(i + 1), (ushort)1, Hash(defined![i]), 20u, i + 1 < defined.Count ? 28u : 0u, Text(defined[i]), 0u);

        const uint stringTable = 1;
        (uint Type, MemoryStream Data, uint Link, uint Info)[] sections =
        [
            (0, new(), 0, 0), (3, strings, 0, 0), (11, symbols, stringTable, 1), (0x6fffffff, marks, 2, 0), (0x6ffffffe, needs, stringTable, 1),
            (0x6ffffffd, definitions, stringTable, (uint)(defined?.Count ?? 0)), (4, relocations, 2, 0),
        ];
        var file = new MemoryStream();
        Write(file, new byte[64]);
        var headers = new MemoryStream();
        foreach (var (type, data, link, info) in sections)
        {
            Write(headers, 0u, type, 0UL, 0UL, (ulong)file.Position, (ulong)data.Length, link, info, 1UL, 0UL);
            Write(file, data.ToArray());
        }
        var start = (ulong)file.Position;
        Write(file, headers.ToArray());
        file.Position = 0;
        Write(file, "\u007fELF\u0002\u0001\u0001"u8.ToArray(), new byte[9], (ushort)3, (ushort)62, 1u, 0UL, 0UL, start, 0u, (ushort)64, (ushort)0, (ushort)0, (ushort)64, (ushort)sections.Length, (ushort)stringTable);
        return file.ToArray();
    }

    static void Write(Stream stream, params object[] values)
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        foreach (var value in values)
            switch (value)
            {
                case byte[] bytes: writer.Write(bytes); break;
                case byte number: writer.Write(number); break;
                case ushort number: writer.Write(number); break;
                case uint number: writer.Write(number); break;
                case ulong number: writer.Write(number); break;
                case long number: writer.Write(number); break;
                default: throw new ArgumentException($"{value.GetType()} has no width here.");
            }
    }

    /// <summary>The System V hash of a version's name.</summary>
    public static uint Hash(string name)
    {
        uint hash = 0;
        foreach (var c in name)
        {
            hash = (hash << 4) + c;
            hash = (hash ^ (hash & 0xf0000000) >> 24) & 0x0fffffff;
        }
        return hash;
    }
}
