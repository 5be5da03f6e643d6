using System.Text.Json.Nodes;
using Rlef.Dialogue;
using Rlef.Evaluation;
using Rlef.Learning;
using Rlef.Problems;
using Rlef.Storage;

namespace Rlef.Experiments;

/// <summary>An evaluation whose dialogues are kept as they end: of a policy's own weights, or of a served model.</summary>
/// <param name="Dialogues">In the order of the problems, the samples of a problem together.</param>
public sealed record PlayedEvaluation(IReadOnlyList<PlayedDialogue> Dialogues)
{
    /// <summary>Scores of every budget.</summary>
    public EvaluationResult Result { get; } = new(Dialogues.Select(d => d.Outcome));

    /// <summary>Tokens of all dialogues, of earlier calls too.</summary>
    public TokenUsage Usage => Dialogues.Aggregate(default(TokenUsage), (sum, d) => sum + d.Usage);

    /// <summary>Dialogues that nothing can be concluded from, and that no score counts.</summary>
    public int Masked => Dialogues.Count(d => d.Outcome.Masked);

    /// <summary>Dialogues in which the policy had no turn, and that no score counts either.</summary>
    public int Silent => Dialogues.Count(d => d.Outcome.Silent);

    /// <summary>How many dialogues were broken off, by the reason.</summary>
    public IReadOnlyList<(Breakage Kind, int Count)> Broken =>
        [.. Dialogues.Where(d => d.Outcome.Broken is not null).CountBy(d => d.Outcome.Broken!.Value).OrderBy(b => b.Key).Select(b => (b.Key, b.Value))];

    /// <summary>Plays what is missing in the file, and adds it there.</summary>
    /// <param name="samples">Dialogues for each problem.</param>
    /// <param name="file">Null to keep nothing.</param>
    /// <param name="done">Hears how many of how many dialogues there are.</param>
    public static async Task<PlayedEvaluation> PlayAsync(IRolloutCollector policy, ProblemSet problems, int samples, RolloutOptions options, ulong seed, DialogueFile? file = null,
        IProgress<(int Done, int Total)>? done = null, CancellationToken cancellation = default)
    {
        Dictionary<(string, int), PlayedDialogue> played = [];
        foreach (var dialogue in file?.Kept ?? [])
            played[(dialogue.Outcome.Problem, dialogue.Sample)] = dialogue;
        List<RolloutRequest> all = [.. Evaluator.Requests(problems, samples)], missing = [.. all.Where(r => !played.ContainsKey(KeyOf(r)))];
        var finished = all.Count - missing.Count;
        done?.Report((finished, all.Count));
        await policy.CollectAsync(missing, seed, options, new ImmediateProgress<Episode>(episode =>
        {
            var dialogue = PlayedDialogue.Of(episode);
            played[(dialogue.Outcome.Problem, dialogue.Sample)] = dialogue;
            if (!dialogue.Outcome.Masked)
                file?.Add(dialogue);
            done?.Report((++finished, all.Count));
        }), cancellation);
        return new([.. all.Select(r => played[KeyOf(r)])]);

        static (string, int) KeyOf(RolloutRequest request) => (request.Problem.Id, request.Sample);
    }

    /// <summary>The evaluation as a file of results: its recipe, the budgets with 95 % intervals, what was broken off, what it cost, and the verdicts of each dialogue.</summary>
    /// <param name="spent">Tokens of these dialogues, and of those that feedback was drawn from.</param>
    /// <param name="money">What they cost; null where no price is known.</param>
    public JsonObject ToJson(EvaluationRecipe recipe, IEnumerable<Budget> budgets, TokenUsage spent, double? money)
    {
        var json = recipe.ToJson();
        json["dialogues"] = Dialogues.Count;
        json["masked"] = Masked;
        json["silent"] = Silent;
        json["broken_off"] = new JsonObject(Broken.Select(b => KeyValuePair.Create($"{b.Kind}", (JsonNode?)b.Count)));
        json["cost"] = new JsonObject { ["input_tokens"] = spent.Input, ["output_tokens"] = spent.Output };
        if (money is { } price)
            json["cost"]!["money"] = price;
        json["scores"] = new JsonObject(budgets.Select(b => KeyValuePair.Create(b.Name, (JsonNode?)new JsonObject
        {
            ["estimate"] = b.Rate.Estimate,
            ["low"] = b.Rate.Low,
            ["high"] = b.Rate.High,
        })));
        json["tasks"] = new JsonArray([.. Dialogues.GroupBy(d => d.Outcome.Problem).Select(g => (JsonNode)new JsonObject
        {
            ["task_id"] = g.Key,
            ["n"] = g.Count(d => d.Outcome.Counts),
            ["c"] = g.Count(d => d.Outcome.Counts && d.Outcome.SolvedWithin(recipe.Turns)),
            ["dialogues"] = new JsonArray([.. g.Select(d => (JsonNode)Verdicts(d.Outcome))]),
        })]);
        return json;
    }

    // A verdict a turn, and behind them the private tests' or why there is no more.
    static string Verdicts(EpisodeOutcome outcome) => string.Join(", ",
        [.. outcome.Turns.Select((kind, i) => i == outcome.Turns.Length - 1 && outcome.Broken is { } broken ? $"broken off: {broken}" : kind?.ToString() ?? "NoCode"),
            .. outcome.Private is { } hidden ? [$"private: {hidden}"] : Array.Empty<string>()]);

    /// <summary>Writes <see cref="ToJson"/> to a new file and puts it in place at once.</summary>
    public void Save(string path, EvaluationRecipe recipe, IEnumerable<Budget> budgets, TokenUsage spent, double? money) =>
        AtomicFile.WriteText(path, ToJson(recipe, budgets, spent, money).ToJsonString(RecipeJson.Options) + "\n");
}
