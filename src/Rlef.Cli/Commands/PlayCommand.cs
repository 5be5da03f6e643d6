using System.Globalization;
using Rlef.Dialogue;
using Rlef.Evaluation;
using Rlef.Execution;
using Rlef.Experiments;
using Rlef.Policy;
using Rlef.Problems;

namespace Rlef.Cli.Commands;

/// <summary>The part of <c>rlef evaluate</c> that plays dialogues, whoever the policy is.</summary>
/// <param name="Samples">Dialogues for each problem.</param>
/// <param name="Ks">Answers that may be written, for n@k.</param>
/// <param name="Output">File of results; null for none.</param>
/// <param name="Examples">What stands before each dialogue.</param>
/// <param name="Price">What tokens cost; null where it is not known.</param>
sealed record PlayCommand(ISandbox Sandbox, ProblemSet Problems, DialogueWording Wording, string Feedback, Sampling Sampling, int Turns, int Samples, int[] Ks, string? Output,
    Examples Examples, Func<TokenUsage, double?> Price)
{
    /// <param name="Identity">Names the policy in a recipe.</param>
    /// <param name="MaxDialogueTokens">Longest dialogue; null where the policy's server decides.</param>
    public sealed record Player(IRolloutCollector Policy, Func<string> Identity, int? MaxDialogueTokens);

    /// <summary>Why a dialogue has no turn of the policy.</summary>
    public const string WhySilent = "since what was given passes its public tests or leaves no room for a response";

    const ulong Seed = 1;
    TokenUsage spent;

    public async Task<int> RunAsync(Player player, CancellationToken cancellation)
    {
        var told = await FeedbackSources.CreateAsync(Feedback, Wording, new Judge(Sandbox), samples => ProgramsAsync(player, samples, cancellation), cancellation);
        var options = new RolloutOptions(Wording, told, Sampling, Turns) { Examples = Examples };
        var recipe = RecipeOf(player, options, Seed);
        var played = await PlayAsync("playing", player.Policy, Samples, options, Seed, Output is null ? null : DialogueFile.Beside(Output), recipe, cancellation);
        spent += played.Usage;
        Budget[] budgets = played.Result.Samples > 0 ? [.. Budget.Of(played.Result, Turns, Ks)] : [];
        Print(played, budgets);
        if (Output is not null)
        {
            played.Save(Output, recipe!, budgets, spent, Price(spent));
            Console.WriteLine(Output);
        }
        return played.Masked == 0 ? 0 : 1;
    }

    // What random and shuffled feedback draw from: first answers, at temperature 1 so that they differ.
    async Task<IReadOnlyCollection<(Problem, string)>> ProgramsAsync(Player player, int samples, CancellationToken cancellation)
    {
        var options = new RolloutOptions(Wording, new NoFeedback(Wording), Sampling with { Temperature = Sampling.Nano.Temperature }, TurnLimit: 1) { Examples = Examples };
        var first = await PlayAsync("feedback", player.Policy, samples, options, FeedbackSources.Seed, Output is null ? null : $"{Output}.{Feedback}.jsonl",
            RecipeOf(player, options, FeedbackSources.Seed), cancellation);
        spent += first.Usage;
        return [.. first.Dialogues.Where(d => d.Program is not null).Select(d => (Problems[d.Outcome.Problem], d.Program!))];
    }

    // The weights' digest takes a while, and only what is kept needs it.
    EvaluationRecipe? RecipeOf(Player player, RolloutOptions options, ulong seed) =>
        Output is null ? null : EvaluationRecipe.Of(player.Identity(), Problems, options, player.MaxDialogueTokens, seed, Sandbox.Packages);

    async Task<PlayedEvaluation> PlayAsync(string title, IRolloutCollector policy, int samples, RolloutOptions options, ulong seed, string? path,
        EvaluationRecipe? recipe, CancellationToken cancellation)
    {
        using var file = path is null ? null : DialogueFile.Open(path, recipe!);
        return await StandardError.ProgressAsync(title, done => PlayedEvaluation.PlayAsync(policy, Problems, samples, options, seed, file, done, cancellation));
    }

    void Print(PlayedEvaluation played, Budget[] budgets)
    {
        var width = budgets.Select(b => b.Name.Length).Append(15).Max();
        foreach (var budget in budgets)
            Line(budget.Name, $"{budget.Rate}");
        if (Turns > 1 && Foreseeable.Share(played.Result.Outcomes) is { } share)
            Line("foreseeable", string.Create(CultureInfo.InvariantCulture, $"{100 * share:F0} % of the variance of what dialogues return, by problem and turn"));
        Line("cost", string.Create(CultureInfo.InvariantCulture, $"{spent.Input:N0} tokens read, {spent.Output:N0} written") +
            (Price(spent) is { } money ? string.Create(CultureInfo.InvariantCulture, $": {money:F2}") : ""));
        if (played.Broken is { Count: > 0 } broken)
            Line("broken off", $"{string.Join(", ", broken.Select(b => $"{b.Kind} {b.Count}{(b.Kind.SaysNothing() ? "" : " (not solved)")}"))} of {played.Dialogues.Count} dialogues");
        VerdictKind?[] turns = [.. played.Dialogues.Where(d => d.Outcome.Broken is null).SelectMany(d => d.Outcome.Turns)];
        var codeless = turns.Count(t => t is null);
        if (2 * codeless > turns.Length)
            Console.Error.WriteLine($"{codeless} of {turns.Length} responses have no whole Python code block. " +
                $"Ask for one (--wording functions or codecontests), or allow longer responses (--max-tokens above {Sampling.MaxTokens}).");
        if (played.Silent > 0)
            Console.Error.WriteLine($"{played.Silent} of {played.Dialogues.Count} dialogues say nothing of the policy, {WhySilent}; no score counts them.");
        if (played.Masked > 0)
            Console.Error.WriteLine($"{played.Masked} of {played.Dialogues.Count} dialogues say nothing, since the sandbox or the server failed; no score counts them. " +
                (Output is null ? "Name a file with --out to play only them again." : "Run the command again to play them."));

        void Line(string name, string value) => Console.WriteLine($"{name.PadRight(width)} {value}");
    }
}
