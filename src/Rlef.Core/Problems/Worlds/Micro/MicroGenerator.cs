using System.Collections.Immutable;
using System.Globalization;
using Rlef.Randomness;

namespace Rlef.Problems.Micro;

/// <summary>
/// Draws problems of the micro world from its grammar: how the input is read, at most two stages that change it, a core, and how the result is
/// printed. The same seed gives the same problems on every machine.
/// </summary>
public sealed class MicroGenerator(ulong seed, MicroGenerator.Mix? mix = null)
{
    /// <param name="Stage">Chance of a stage before the core, and of a second one behind the first.</param>
    /// <param name="Plain">Chance that the result is printed in the plainest way.</param>
    /// <param name="Distraction">Chance of a sentence that says nothing about the task.</param>
    public sealed record Mix(double Stage = 0.4, double Plain = 0.5, double Distraction = 0.25);

    static readonly string[] Distractions =
    [
        "There are no spaces at the ends of lines.", "Every line ends with a newline.", "Anna wrote this down on day {n}.", "The input has {n} kilobytes at most.",
        "Bob had {n} tries for this.", "This is task {n} of the course.",
    ];

    readonly Mix mix = mix ?? new();

    /// <summary>Families that reinforcement learning trains on.</summary>
    public static ImmutableArray<string> Families => MicroGrammar.Families;

    /// <summary>Families that it never sees.</summary>
    public static ImmutableArray<string> HeldOut => MicroGrammar.HeldOut;

    /// <summary>Endless problems of a split, the families and the cores of a family each as likely.</summary>
    public IEnumerable<MicroTask> Draw(Split split, IReadOnlyList<string> families)
    {
        var random = RandomStream.For(seed, (long)split);
        var seen = new HashSet<string>();
        for (var i = 0; ;)
        {
            var task = Draw(ref random, $"{split.ToString().ToLowerInvariant()}-{i.ToString("D5", CultureInfo.InvariantCulture)}", random.Pick(families));
            if (Splits.Of(task.Composition) != split || !seen.Add(task.Program))
                continue;
            i++;
            yield return task;
        }
    }

    MicroTask Draw(ref RandomStream random, string id, string family)
    {
        var rule = random.Pick(MicroGrammar.Cores[family]);
        List<MicroRule> stages = [];
        while (stages.Count < 2 && random.Chance(mix.Stage))
        {
            var stage = random.Pick([.. MicroGrammar.Stages[rule.From]]);
            if (!stages.Contains(stage))
                stages.Add(stage);
        }
        MicroRule[] prints = [.. MicroGrammar.Prints[rule.To]];
        var print = random.Chance(mix.Plain) ? prints[0] : prints[1 + random.NextInt(prints.Length - 1)];
        var input = new MicroExpansion(MicroGrammar.Inputs[rule.From], ref random);
        List<MicroExpansion> before = [input];
        foreach (var stage in stages)
            before.Add(new(stage, ref random));
        var core = new MicroExpansion(rule, ref random);
        var end = new MicroExpansion(print, ref random);
        List<string> sentences = [.. before.Select(e => e.Text), core.Text, end.Text];
        if (random.Chance(mix.Distraction))
            sentences.Insert(random.NextInt(2) == 0 ? 1 : sentences.Count,
                random.Pick(Distractions).Replace("{n}", random.NextInt(2, 30).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
        var head = string.Concat(before.Select(e => e.Code));
        return new(id, string.Join(' ', sentences), head + core.Code + end.Code, family, rule.Name,
            string.Join('|', before.Skip(1).Append(core).Select(e => e.Composition)),
            core.Variants.ToImmutableSortedDictionary(v => v.Key, v => head + v.Value + end.Code, StringComparer.Ordinal),
            rule.From, MicroInputs.Draw(rule.From, rule.Most, ref random));
    }
}
