using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Rlef.Dialogue;
using Rlef.Learning;
using Rlef.Policy;
using Rlef.Rewards;
using Rlef.Storage;

namespace Rlef.Experiments;

/// <summary>
/// A table of arms × base policies × seeds, as it stands in a JSON file. Every arm is the common recipe with a few settings of its own, so that what differs
/// is what the arm's lines say.
/// </summary>
/// <param name="Problems">Training problems; paths are relative to the sweep's file.</param>
/// <param name="Policies">Base policies, by the name that results give them.</param>
/// <param name="Seeds">Of training.</param>
/// <param name="Recipe">Settings of every arm in place of the preset's; beside them <c>feedback</c>, <c>reward</c> and <c>wording</c>, by name.</param>
/// <param name="Arms">By name, the settings in which an arm differs; <c>wording</c> and <c>seed</c> are none of them. The first is the one that the others are compared with.</param>
/// <param name="Evaluation">How trained and base policies are scored, with the lengths that the common recipe allows where it says nothing else.</param>
/// <param name="Preset">One of <see cref="TrainingConfig.Presets"/>.</param>
/// <param name="Select">
/// Programs by which each base policy is first measured on every training problem, to learn from those alone that it solves sometimes
/// (<see cref="OpenProblems"/>); null to learn from all.
/// </param>
/// <param name="Inputs">What other commands make first: the command, without its <c>rlef</c>, by the path below the project's folder that it leaves. Both name paths from there.</param>
public sealed record Sweep(string Problems, IReadOnlyDictionary<string, string> Policies, IReadOnlyList<ulong> Seeds, JsonObject Recipe,
    IReadOnlyDictionary<string, JsonObject> Arms, Sweep.Scoring Evaluation, string Preset = "nano", int? Select = null,
    IReadOnlyDictionary<string, string>? Inputs = null)
{
    /// <param name="Problems">Held-out problems.</param>
    /// <param name="Samples">Dialogues for each.</param>
    /// <param name="Turns">Turn limit.</param>
    /// <param name="Feedback">Arms of feedback that each policy is scored with.</param>
    /// <param name="Limit">Only so many of the problems, from the first; null for all.</param>
    /// <param name="Temperature">Of sampling; null for that of <see cref="TrainingConfig.EvaluationSampling"/>.</param>
    /// <param name="MaxDialogueTokens">Longest dialogue, for more turns than were trained with; null for that of the common recipe.</param>
    public sealed record Scoring(string Problems, int Samples, int Turns, IReadOnlyList<string> Feedback, int? Limit = null, double? Temperature = null, int? MaxDialogueTokens = null);

    /// <summary>One training run.</summary>
    public sealed record Run(string Arm, string Policy, ulong Seed, TrainingConfig Config, string Feedback, string Reward, string Wording);

    /// <exception cref="InvalidDataException">The file is no sweep; the message says what is wrong with it.</exception>
    public static Sweep Load(string path) => JsonFile.Read(path, text =>
    {
        // Within recipes, too, nothing may stand twice.
        JsonDocument.Parse(text, new() { AllowDuplicateProperties = false }).Dispose();
        var sweep = JsonSerializer.Deserialize<Sweep>(text, SnakeJson.KnownOnly) ?? throw new JsonException("a JSON object is expected.");
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (sweep.Policies.FirstOrDefault(p => string.IsNullOrEmpty(p.Value)).Key is { } nameless)
            throw new JsonException($"policy '{nameless}' has no path: a folder, a GGUF file or a model on a hub.");
        sweep = sweep with
        {
            Problems = Path.Combine(folder, sweep.Problems),
            Policies = sweep.Policies.ToDictionary(p => p.Key, p => PolicyPath.From(folder, p.Value)),
            Evaluation = sweep.Evaluation with { Problems = Path.Combine(folder, sweep.Evaluation.Problems) },
        };
        sweep.Check();
        return sweep;
    });

    /// <summary>The <see cref="Inputs"/> that are not there, in the file's order.</summary>
    [JsonIgnore]
    public IEnumerable<(string Path, string Command)> Missing =>
        Inputs?.Where(i => !Path.Exists(Home.File(i.Key))).Select(i => (i.Key, i.Value)) ?? [];

    /// <summary>Looks for all base policies, so that none is missed only when the runs of others are finished.</summary>
    /// <exception cref="FileNotFoundException">One is neither here nor a model on a hub.</exception>
    public void CheckPolicies()
    {
        foreach (var (name, path) in Policies)
            if (!File.Exists(path) && !Directory.Exists(path) && HubName.TryParse(path) is null)
                throw new FileNotFoundException($"{path}: there is no such policy, which the sweep calls '{name}'.");
    }

    void Check()
    {
        Refuse(Arms.Count == 0 || Seeds.Count == 0 || Policies.Count == 0 || Evaluation.Feedback.Count == 0, "at least one arm, one seed, one policy and one feedback of evaluation are needed.");
        Refuse(Arms.Keys.Concat(Policies.Keys).Any(string.IsNullOrWhiteSpace), "an arm or a policy has no name, by which results would tell it.");
        var unknown = Evaluation.Feedback.FirstOrDefault(f => !FeedbackSources.Names.Contains(f));
        Refuse(unknown is not null, $"there is no feedback '{unknown}': known are {string.Join(", ", FeedbackSources.Names)}.");
        RefuseTwice(Seeds, seed => $"seed {seed} stands there twice, and would be counted as two runs.");
        RefuseTwice(Evaluation.Feedback, feedback => $"feedback '{feedback}' stands there twice.");
        RefuseTwice(Policies.Values.Select(RealPath.Of), policy => $"policy {policy} has two names, and would be counted as two.");
        Refuse(Arms.ContainsKey(SweepResults.Base), $"no arm can have the name '{SweepResults.Base}', which is that of the policies before training.");
        Refuse(Select is < 2, $"select {Select}: whether a problem is solved sometimes takes two programs at least.");
        Refuse(Evaluation.Temperature is { } temperature && !(temperature >= 0 && double.IsFinite(temperature)), $"evaluation at temperature {Evaluation.Temperature}: it is 0 or more.");
        Refuse(Evaluation.MaxDialogueTokens is <= 0, $"evaluation with max_dialogue_tokens {Evaluation.MaxDialogueTokens}: a dialogue has one token at least.");
        foreach (var (name, value) in (ReadOnlySpan<(string, int?)>)[("samples", Evaluation.Samples), ("turns", Evaluation.Turns), ("limit", Evaluation.Limit)])
            Refuse(value < 1, $"evaluation with {name} {value}: it is 1 or more.");
        var empty = Arms.FirstOrDefault(a => a.Value is null).Key;
        Refuse(empty is not null, $"arm '{empty}' is null: one like the recipe is {{}}.");
        foreach (var (where, settings) in Arms.Select(a => ($"arm '{a.Key}'", a.Value)).Prepend(("the recipe", Recipe)))
        {
            var own = settings.Select(s => s.Key).FirstOrDefault(name => name is "policy" or "problems" or "python_packages");
            Refuse(own is not null, $"{where} has '{own}' of its own: a sweep's policies and problems stand beside its arms, and packages are named by --python-packages.");
            Refuse(settings.ContainsKey("seed"), $"{where} has a seed of its own: seeds stand in 'seeds', and each arm is trained with each of them.");
        }
        var worded = Arms.FirstOrDefault(a => a.Value.ContainsKey("wording")).Key;
        Refuse(worded is not null, $"arm '{worded}' has a wording of its own, but is compared with base policies that are scored in one: the wording belongs into the recipe.");
        Refuse(!TrainingConfig.Presets.ContainsKey(Preset), $"there is no preset '{Preset}': known are {string.Join(", ", TrainingConfig.Presets.Keys)}.");
        var alike = Runs.Take(Arms.Count).GroupBy(r => (r.Config.ToJson(), r.Feedback, r.Reward)).FirstOrDefault(g => g.Count() > 1)?.Select(r => r.Arm).ToList();
        Refuse(alike is not null, $"arms '{alike?[0]}' and '{alike?[1]}' are the same run, and would be compared as two.");

        static void RefuseTwice<T>(IEnumerable<T> values, Func<T, string> why)
        {
            foreach (var twice in values.GroupBy(v => v).Where(g => g.Count() > 1))
                Refuse(true, why(twice.Key));
        }

        static void Refuse(bool wrong, string why)
        {
            if (wrong)
                throw new JsonException(why);
        }
    }

    /// <summary>Seed by seed, so that a sweep that is cut short has whole comparisons.</summary>
    [JsonIgnore]
    public IEnumerable<Run> Runs =>
        from seed in Seeds
        from policy in Policies.Keys
        from arm in Arms
        select Of(arm.Key, policy, seed, arm.Value);

    /// <summary>The recipe that the arms have in common.</summary>
    [JsonIgnore] public TrainingConfig Common => TrainingConfig.Presets[Preset].With(Recipe);

    Run Of(string arm, string policy, ulong seed, JsonObject own)
    {
        try
        {
            var (config, reward) = (TrainingConfig.Presets[Preset].With(Recipe).With(own) with { Seed = seed }, KnownRewards.Checked(Setting("reward") ?? KnownRewards.UsualOf(Preset)));
            KnownRewards.Check(reward, config.TurnLimit, config.Advantage);
            return new(arm, policy, seed, config, Named("feedback", FeedbackSources.Names, "real"), reward, Named("wording", [.. DialogueWording.All.Keys], "nano"));
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw new JsonException($"arm '{arm}': {e.OneLine()}", e);
        }

        string? Setting(string name) => (own[name] ?? Recipe[name])?.ToString();
        string Named(string field, IReadOnlyList<string> known, string usual) => Setting(field) is not { } name ? usual
            : known.Contains(name) ? name : throw new JsonException($"there is no {field} '{name}': known are {string.Join(", ", known)}.");
    }
}
