using System.Collections.Immutable;
using Rlef.Storage;

namespace Rlef.Problems.Micro;

/// <summary>
/// The productions of the micro world, read from the text files beside this one. A rule is a head <c>== name : from -> to</c>, choices
/// (<c>@slot = text ~ code | text ~ code</c>), sentences, a line <c>--</c> and its code; a line <c>-- kind</c> begins a broken version.
/// </summary>
static class MicroGrammar
{
    /// <summary>Families that reinforcement learning trains on.</summary>
    public static ImmutableArray<string> Families { get; } = ["scan", "counting", "strings", "windows", "numbers", "grids"];

    /// <summary>Families that it never sees.</summary>
    public static ImmutableArray<string> HeldOut { get; } = ["simulation", "search"];

    /// <summary>The middle of a program, by family: from an input to a result.</summary>
    public static ImmutableDictionary<string, ImmutableArray<MicroRule>> Cores { get; } =
        Families.AddRange(HeldOut).ToImmutableDictionary(family => family, Rules);

    /// <summary>What may be done to an input before, by its type.</summary>
    public static ILookup<string, MicroRule> Stages { get; } = Rules("stages").ToLookup(r => r.From);

    /// <summary>How a result may be printed, by its type; the first is the plainest.</summary>
    public static ILookup<string, MicroRule> Prints { get; } = Rules("prints").ToLookup(r => r.From);

    /// <summary>How an input is read, by its type.</summary>
    public static ImmutableDictionary<string, MicroRule> Inputs { get; } = Rules("inputs").ToImmutableDictionary(r => r.Name);

    /// <summary>What fills the slots of a kind, with the variable that it usually speaks of.</summary>
    public static ImmutableDictionary<string, (string Variable, ImmutableArray<MicroPhrase> Phrases)> Phrases { get; } =
        Sections("phrases").ToImmutableDictionary(s => s.Head.Split(' ')[0], s => (s.Head.Split(' ')[1], ReadPhrases(s.Lines)));

    static ImmutableArray<MicroRule> Rules(string file) => [.. Sections(file).Select(s => ReadRule(file, s.Head, s.Lines))];

    static IEnumerable<(string Head, List<string> Lines)> Sections(string file)
    {
        (string Head, List<string> Lines)? section = null;
        foreach (var line in EmbeddedText.Read($"micro.{file}.txt").Split('\n'))
            if (line.StartsWith("== ", StringComparison.Ordinal))
            {
                if (section is { } done)
                    yield return done;
                section = (line[3..], []);
            }
            else if (line.Length > 0)
                section!.Value.Lines.Add(line);
        yield return section!.Value;
    }

    static MicroRule ReadRule(string file, string head, List<string> lines)
    {
        var parts = head.Split([" : ", " -> "], StringSplitOptions.None);
        var from = (parts.ElementAtOrDefault(1) ?? parts[0]).Split(' ');
        var choices = lines.Where(l => l[0] == '@').Select(ReadChoice);
        var first = lines.IndexOf("--");
        var bodies = new Dictionary<string, string>();
        var body = "";
        foreach (var line in lines.Skip(first))
            if (line.StartsWith("--", StringComparison.Ordinal))
                bodies[body = line[2..].Trim()] = "";
            else
                bodies[body] += line + "\n";
        return new(file, parts[0], from[0], parts.ElementAtOrDefault(2) ?? from[0], from.Length > 1 ? long.Parse(from[1]) : null, [.. choices],
            [.. lines.Take(first).Where(l => l[0] != '@')], bodies[""], bodies.Where(b => b.Key.Length > 0).ToImmutableSortedDictionary(StringComparer.Ordinal));
    }

    static MicroRule.Choice ReadChoice(string line)
    {
        var (slot, options) = Pair(line[1..], " = ");
        return new(slot, [.. options.Split(" | ").Select(o => o.Split(" ~ ")).Select(o => new MicroRule.Option(o[0], [.. o[1..]]))]);
    }

    static ImmutableArray<MicroPhrase> ReadPhrases(List<string> lines) =>
    [
        .. from line in lines
           let named = Pair(line, " = ")
           let said = Pair(named.Second, " ~ ")
           select new MicroPhrase(named.First, [.. said.First.Split(" / ")], said.Second),
    ];

    static (string First, string Second) Pair(string text, string separator)
    {
        var at = text.IndexOf(separator, StringComparison.Ordinal);
        return (text[..at], text[(at + separator.Length)..]);
    }
}
