using System.Globalization;
using System.Text;
using Microsoft.ML.Tokenizers;

namespace Rlef.Policy;

/// <summary>
/// Unicode's canonical composition (UAX 15, form C), from the tables in nfc.txt, which know the characters that Hugging Face's tokenizers know. The runtime's
/// own needs ICU, which a bare machine lacks, and leaves texts as they are without it.
/// </summary>
sealed class NfcNormalizer : Normalizer
{
    // Hangul syllables are composed by rule (Unicode section 3.12).
    const int SyllableBase = 0xAC00, LeadBase = 0x1100, VowelBase = 0x1161, TrailBase = 0x11A7, Vowels = 21, Trails = 28, Syllables = 11172;

    static readonly Dictionary<int, (int First, int Second)> Decompositions = [];
    static readonly Dictionary<long, int> Compositions = [];
    static readonly Dictionary<int, byte> Classes = [];
    // Characters below 0x10000 that stay as they are wherever they stand.
    static readonly bool[] Inert = new bool[0x10000];

    static NfcNormalizer()
    {
        using var stream = typeof(NfcNormalizer).Assembly.GetManifestResourceStream("nfc.txt")!;
        using var reader = new StreamReader(stream);
        Array.Fill(Inert, true);
        while (reader.ReadLine() is { } line)
        {
            if (line is "" or ['#', ..])
                continue;
            var fields = line[2..].Split(' ').Select(f => int.Parse(f, NumberStyles.HexNumber)).ToArray();
            switch (line[0])
            {
                case 'c':   // first, last, combining class
                    for (var c = fields[0]; c <= fields[1]; c++)
                        Classes[c] = (byte)fields[2];
                    Mark(fields[0], fields[1]);
                    break;
                case 'd':   // composed, first, second: decomposes only
                case 'p':   // and composes again
                    Decompositions[fields[0]] = (fields[1], fields.Length > 2 ? fields[2] : 0);
                    Mark(fields[0], fields[0]);
                    if (line[0] == 'p')
                    {
                        Compositions[Pair(fields[1], fields[2])] = fields[0];
                        Mark(fields[2], fields[2]);
                    }
                    break;
            }
        }
        Mark(LeadBase, TrailBase + Trails);

        static void Mark(int first, int last)
        {
            for (var c = first; c <= Math.Min(last, 0xFFFF); c++)
                Inert[c] = false;
        }
    }

    public override string Normalize(ReadOnlySpan<char> original) => Normalize(original.ToString());

    public override string Normalize(string original)
    {
        foreach (var c in original)
            if (c >= '\u0300' && !Inert[c] || char.IsSurrogate(c))
                return Compose(original);
        return original;
    }

    static string Compose(string text)
    {
        List<int> all = new(text.Length + 8);
        foreach (var rune in text.EnumerateRunes())
            Decompose(rune.Value, all);
        Order(all);
        var (count, starter) = (0, -1);
        for (var i = 0; i < all.Count; i++)
        {
            var c = all[i];
            // Blocked by a character of the same or a higher class between it and the starter, or by a starter beside which it does not stand.
            var last = count - 1 > starter ? Class(all[count - 1]) : -1;
            if (starter >= 0 && last < Class(c) && Composed(all[starter], c) is var composed and >= 0)
            {
                all[starter] = composed;
                continue;
            }
            if (Class(c) == 0)
                starter = count;
            all[count++] = c;
        }
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < count; i++)
            result.Append(new Rune(all[i]).ToString());
        return result.ToString();
    }

    static void Decompose(int c, List<int> into)
    {
        if (c is >= SyllableBase and < SyllableBase + Syllables)
        {
            var index = c - SyllableBase;
            into.Add(LeadBase + index / (Vowels * Trails));
            into.Add(VowelBase + index % (Vowels * Trails) / Trails);
            if (index % Trails != 0)
                into.Add(TrailBase + index % Trails);
        }
        else if (Decompositions.TryGetValue(c, out var parts))
        {
            Decompose(parts.First, into);
            if (parts.Second != 0)
                into.Add(parts.Second);
        }
        else
            into.Add(c);
    }

    // Runs of combining characters are sorted by class, equal ones kept in order.
    static void Order(List<int> all)
    {
        for (var i = 0; i < all.Count; i++)
        {
            var start = i;
            while (i < all.Count && Class(all[i]) > 0)
                i++;
            if (i - start < 2)
                continue;
            var run = all.GetRange(start, i - start).OrderBy(Class).ToList();
            for (var j = 0; j < run.Count; j++)
                all[start + j] = run[j];
        }
    }

    static int Composed(int first, int second)
    {
        if (first is >= LeadBase and < LeadBase + 19 && second is >= VowelBase and < VowelBase + Vowels)
            return SyllableBase + ((first - LeadBase) * Vowels + second - VowelBase) * Trails;
        if (first is >= SyllableBase and < SyllableBase + Syllables && (first - SyllableBase) % Trails == 0 && second is > TrailBase and < TrailBase + Trails)
            return first + second - TrailBase;
        return Compositions.GetValueOrDefault(Pair(first, second), -1);
    }

    static int Class(int c) => Classes.GetValueOrDefault(c);

    static long Pair(int first, int second) => (long)first << 32 | (uint)second;
}
