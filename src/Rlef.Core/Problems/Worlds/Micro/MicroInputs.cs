using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Rlef.Randomness;

namespace Rlef.Problems.Micro;

/// <summary>Draws inputs of a type: typical ones, borders such as the empty list, and large ones.</summary>
static class MicroInputs
{
    const int TypicalCount = 16, LargeCount = 5;
    const string Vowels = "aeiou", Letters = "abcdefghijklmnopqrstuvwxyz";

    /// <summary>The same inputs for every task of a type, small enough for every rule.</summary>
    public static ImmutableArray<MicroInput> Common(string type)
    {
        var random = RandomStream.For(1, type[0]);
        return Draw(type, 200, ref random);
    }

    /// <param name="most">Largest number, where the type is one number.</param>
    public static ImmutableArray<MicroInput> Draw(string type, long? most, ref RandomStream random)
    {
        var inputs = ImmutableArray.CreateBuilder<MicroInput>();
        for (var i = 0; i < TypicalCount; i++)
            inputs.Add(new(Typical(type, most, ref random), MicroInput.Sort.Typical));
        foreach (var border in Borders(type, ref random))
            inputs.Add(new(border, MicroInput.Sort.Border));
        for (var i = 0; i < LargeCount; i++)
            inputs.Add(new(Large(type, most, ref random), MicroInput.Sort.Large));
        return [.. inputs.DistinctBy(i => i.Text)];
    }

    static string Typical(string type, long? most, ref RandomStream random) => type switch
    {
        "ints" => Ints(random.NextInt(4, 9), -9, 30, ref random),
        "text" => Text(random.NextInt(5, 12), ref random),
        "words" => Words(random.NextInt(3, 6), ref random),
        "number" => Number(random.NextInt(0, (int)Math.Min(most ?? long.MaxValue, random.Pick([30, 300, 3000]))), ref random),
        _ => Grid(random.NextInt(2, 4), random.NextInt(2, 4), -9, 15, ref random),
    };

    static string Large(string type, long? most, ref RandomStream random) => type switch
    {
        "ints" => Ints(random.NextInt(25, 40), -99, 99, ref random),
        "text" => Text(random.NextInt(40, 70), ref random),
        "words" => Words(random.NextInt(12, 20), ref random),
        "number" => Number(random.NextInt((int)Math.Min(most ?? int.MaxValue, 90_000_000) / 2, (int)Math.Min(most ?? int.MaxValue, 90_000_000)), ref random),
        _ => Grid(random.NextInt(5, 7), random.NextInt(5, 7), -50, 50, ref random),
    };

    static string[] Borders(string type, ref RandomStream random)
    {
        var one = random.NextInt(-9, 20);
        return type switch
        {
            "ints" => ["\n", $"{one}\n", $"{one} {one}\n", $"0 0 0 0\n", Ints(5, -30, -1, ref random), Ints(6, 0, 3, ref random), Ints(5, 10, 60, ref random)],
            "text" => ["\n", "a\n", Repeat('z', 4), Repeat(random.Pick(Letters.ToCharArray()), 3), Of("bcdfg", 6, ref random), Of(Vowels, 6, ref random), Of("ab", 8, ref random)],
            "words" => ["\n", "a\n", Words(1, ref random), "level noon otto\n", "b c d b c\n", "aa aa aa\n", Words(2, ref random)],
            "number" => [.. ((string[])["0", "1", "2", "9", "10", "64", "99", "100"]).Select(n => n + "\n")],
            _ => ["0\n", $"1\n{one}\n", "1\n" + Ints(4, -9, 9, ref random), "3\n" + Column(3, ref random), "2\n0 0\n0 0\n", Grid(3, 3, -20, -1, ref random), Grid(4, 4, 0, 2, ref random)],
        };
    }

    static string Ints(int count, int low, int high, ref RandomStream random)
    {
        var numbers = new int[count];
        // Short ranges make equal numbers, which decide ties.
        var (from, to) = random.Chance(0.3) ? (low, Math.Min(high, low + 8)) : random.Chance(0.4) ? (Math.Max(low, 0), high) : (low, high);
        if (from > to)
            (from, to) = (low, high);
        for (var i = 0; i < count; i++)
            numbers[i] = i > 0 && random.Chance(0.2) ? numbers[random.NextInt(i)] : random.NextInt(from, to);
        return string.Join(' ', numbers.Select(n => n.ToString(CultureInfo.InvariantCulture))) + "\n";
    }

    static string Number(int value, ref RandomStream random)
    {
        // Digits that repeat, and numbers with many divisors.
        if (value > 20 && random.Chance(0.3))
            value -= value % random.Pick([6, 10, 12]);
        return value.ToString(CultureInfo.InvariantCulture) + "\n";
    }

    static string Text(int count, ref RandomStream random)
    {
        var text = new StringBuilder();
        while (text.Length < count)
            if (text.Length > 0 && random.Chance(0.2))
                text.Append(text[^1]);
            else
                text.Append(random.Chance(0.4) ? random.Pick(Vowels.ToCharArray()) : random.Pick(Letters.ToCharArray()));
        return text.Append('\n').ToString();
    }

    static string Words(int count, ref RandomStream random)
    {
        var words = new List<string>();
        for (var i = 0; i < count; i++)
            if (i > 0 && random.Chance(0.2))
                words.Add(words[random.NextInt(i)]);
            else
            {
                var word = Text(random.NextInt(1, 5), ref random).TrimEnd();
                words.Add(random.Chance(0.15) ? word + new string([.. word.Reverse().Skip(1)]) : word);
            }
        return string.Join(' ', words) + "\n";
    }

    static string Grid(int rows, int columns, int low, int high, ref RandomStream random)
    {
        var text = new StringBuilder().Append(rows).Append('\n');
        for (var i = 0; i < rows; i++)
            text.Append(Ints(columns, low, high, ref random));
        return text.ToString();
    }

    static string Column(int rows, ref RandomStream random)
    {
        var text = new StringBuilder();
        for (var i = 0; i < rows; i++)
            text.Append(random.NextInt(-9, 20)).Append('\n');
        return text.ToString();
    }

    static string Repeat(char letter, int count) => new string(letter, count) + "\n";

    static string Of(string letters, int count, ref RandomStream random)
    {
        var text = new char[count];
        for (var i = 0; i < count; i++)
            text[i] = letters[random.NextInt(letters.Length)];
        return new string(text) + "\n";
    }
}
