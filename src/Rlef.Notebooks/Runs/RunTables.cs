using System.Text.Json;
using System.Text.Json.Nodes;
using Rlef.Dialogue;
using Rlef.Evaluation;
using Rlef.Experiments;
using Rlef.Learning;
using Rlef.Storage;

namespace Rlef.Notebooks;

/// <summary>What a report says of runs in tables, a column a run.</summary>
internal static class RunTables
{
    /// <summary>What the runs stand on and ran on, and how far they are.</summary>
    public static Table Overview(IReadOnlyList<ShownRun> runs)
    {
        var table = new Table(null, ["", .. runs.Select(run => run.Name)]);
        Row("updates", run => $"{run.Metrics.Count} of {run.Planned}");
        Row("last update", run => RunProgress.Line(run.Metrics[^1]));
        Row("problems", run => Word(run.Recipe["problems"]));
        Row("base policy", run => Word(run.Recipe["policy"]));
        Row("feedback", run => Word(run.Recipe["feedback"]));
        Row("reward", run => Word(run.Recipe["reward"]));
        Row("wording", run => run.Recipe["wording"] is { } wording ? DialogueWording.All.FirstOrDefault(known => Recipe.IsWording(wording, known.Value)).Key ?? "its own" : null);
        Row("Python packages", run => Word(run.Recipe["python_packages"]));
        Row("recipe", run => run.Identity[..12]);
        foreach (var name in runs.SelectMany(run => run.Environment.Select(entry => entry.Key)).Distinct())
            Row(name, run => Word(run.Environment[name]));
        return table;

        void Row(string name, Func<ShownRun, string?> of)
        {
            string?[] cells = [.. runs.Select(of)];
            if (cells.Any(cell => cell is not null)) table.Add([name, .. cells]);
        }
    }

    /// <summary>Settings in which a run is not as the nano preset has them; null if there is none.</summary>
    public static Table? Differences(IReadOnlyList<ShownRun> runs)
    {
        var preset = JsonNode.Parse(TrainingConfig.Nano.ToJson())!.AsObject();
        List<Dictionary<string, string?>> own = [.. runs.Select(run => new Dictionary<string, string?>(StringComparer.Ordinal))];
        var usual = new Dictionary<string, string?>(StringComparer.Ordinal);
        var names = new List<string>();
        Compare("", preset, [.. runs.Select(run => run.Recipe)]);
        if (names.Count == 0) return null;
        var table = new Table("Settings that are not those of the nano preset", ["setting", "nano preset", .. runs.Select(run => run.Name)]);
        foreach (var name in names) table.Add([name, usual[name], .. own.Select(settings => settings[name])]);
        return table;

        // A setting within a setting is told by its own name where all have it; else the whole of it.
        void Compare(string within, JsonObject here, IReadOnlyList<JsonObject> there)
        {
            foreach (var name in here.Select(p => p.Key).Union(there.SelectMany(recipe => recipe.Select(p => p.Key))).Where(name => within.Length > 0 || !Recipe.Foundations.Contains(name)))
            {
                if (here[name] is JsonObject inner && there.All(recipe => recipe[name] is JsonObject))
                {
                    Compare($"{within}{name}.", inner, [.. there.Select(recipe => recipe[name]!.AsObject())]);
                    continue;
                }
                // A run of an earlier version lacks settings that came later.
                if (there.All(recipe => !recipe.ContainsKey(name) || JsonNode.DeepEquals(recipe[name], here[name]))) continue;
                names.Add(within + name);
                usual[within + name] = Text(here, name);
                for (var i = 0; i < runs.Count; i++) own[i][within + name] = Text(there[i], name);
            }
        }
    }

    /// <summary>What was scored on held-out problems, with 95 % intervals.</summary>
    public static IEnumerable<Table> Results(IReadOnlyList<ShownRun> runs)
    {
        foreach (var run in runs)
            if (run.Results is { } results)
                yield return Tables.BeforeAfter($"{run.Name}: {results.Problems} held-out problems solved", results);
        var scored = runs.SelectMany(run => SweepRunner.Evaluations(run.Folder.Path).Select(e => (run.Name, e.Feedback, e.Turns, e.Result))).Where(e => e.Result.Samples > 0).ToList();
        if (scored.Count == 0) yield break;
        var table = new Table("Held-out problems solved after training, as the sweep scored them", "run", "feedback", "turn limit", "1@1", "1@3 single-turn", "a whole dialogue");
        foreach (var (name, feedback, turns, result) in scored)
            table.Add(name, feedback, turns, Of(result.MultiTurn(1)), result.Samples >= 3 ? Of(result.SingleTurn(1, 3)) : null, Of(result.MultiTurn(turns)));
        yield return table;

        static Estimate Of(Scores scores) => Estimates.Mean(scores).ToEstimate();
    }

    private static string? Text(JsonObject settings, string name) => !settings.ContainsKey(name) ? "not there" : settings[name] is { } value
        ? value is JsonObject or JsonArray ? value.ToJsonString(JsonText.Line) : value.ToString() : "none";

    // Digests are recognised by their beginning.
    private static string? Word(JsonNode? value) => value is null ? null : string.Join(' ', value.ToString().Split(' ').Select(word => word.Length == 64 ? word[..12] : word));
}
