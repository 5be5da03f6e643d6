using System.Globalization;
using System.Text;
using Rlef.Critics;
using Rlef.Dialogue;
using Rlef.Learning;
using Rlef.Objectives;
using Rlef.Policy;
using Rlef.Problems;
using Rlef.Rewards;

namespace Rlef.Experiments;

/// <summary>What a run will learn, from what, and what it will need, before it begins.</summary>
/// <param name="Prompts">Tokens of each problem's first prompt.</param>
/// <param name="TooLong">Problems whose first turn has no room in a dialogue.</param>
public sealed record TrainingPlan(TrainingConfig Config, string Policy, long Parameters, string Problems, IReadOnlyList<int> Prompts, IReadOnlyList<string> TooLong, MemoryEstimate Memory,
    string Feedback, string Reward)
{
    // Of the update by which speed is measured: as many dialogues as keep the cores busy, and about so many operations, which take two cores half a minute.
    const int ProbeEpisodes = 16;
    const double ProbeOperations = 4e12;

    /// <exception cref="ArgumentException">The policy does not have the layer that the critic would read, which the probe has no critic to notice.</exception>
    public static TrainingPlan Of(Laboratory laboratory, Transformer policy, string name, TrainingConfig config, ProblemSet problems, string feedback, string reward)
    {
        if (config.HasCritic)
            ValueFunction.RequireLayer(policy, config.Critic);
        int[] prompts = [.. problems.Select(p => laboratory.Format.FirstPrompt(laboratory.Wording.FirstMessage(p.Statement)).Length)];
        string[] tooLong = [.. problems.Where(p =>
            RolloutStart.Of(p).Length(laboratory.Format, laboratory.Wording.FirstMessage(p.Statement), Examples.None) + config.MaxResponseTokens > config.MaxDialogueTokens).Select(p => p.Id)];
        return new(config, name, policy.ParameterCount, problems.Name, prompts, tooLong, MemoryEstimate.Of(policy, config), feedback, reward);
    }

    // Of a round.
    int Episodes => Config.ProblemsPerUpdate * Config.SamplesPerProblem;

    int Rounds => FirstRounds + Config.Updates - 1;

    int FirstRounds => Config.Experience.FirstRounds(Episodes);

    // Were every turn played and every response as long as it may be.
    int Longest => Math.Min(Config.TurnLimit * Config.MaxResponseTokens, Config.MaxDialogueTokens);

    long Generated => (long)(Config.Experience.Played ?? Episodes) * Longest;

    // A reference is as long as one response at most.
    long Learned => (long)(Config.Epochs * ((Config.Experience.Learned ?? Episodes) * (Longest + Prompts.Average()) + Config.References * (Config.MaxResponseTokens + Prompts.Average())));

    /// <summary>The recipe of one small update of single turns by which to measure speed: for a policy of a million parameters a whole one.</summary>
    public TrainingConfig Probe
    {
        get
        {
            // A forward and a backward pass, and what is computed again: eight operations a weight and token (Kaplan et al. 2020, section 2.1).
            var tokens = ProbeOperations / (8.0 * Parameters);
            var whole = Episodes * (Prompts.Average() + Config.MaxResponseTokens) <= tokens;
            var problems = whole ? Config.ProblemsPerUpdate : Math.Min(Config.ProblemsPerUpdate, ProbeEpisodes);
            var samples = whole ? Config.SamplesPerProblem : Math.Clamp(ProbeEpisodes / problems, 1, Config.SamplesPerProblem);
            return Config with
            {
                Updates = 1,
                ProblemsPerUpdate = problems,
                SamplesPerProblem = samples,
                Minibatches = 1,
                MaxResponseTokens = Math.Clamp((int)(tokens / (problems * samples) - Prompts.Average()), Math.Min(16, Config.MaxResponseTokens), Config.MaxResponseTokens),
                TurnLimit = 1,
                References = 0,
                AlternateReferences = false,
                Experience = new Experience.OnPolicy(),
                Advantage = new Advantages.RewardAdvantage(),
                Distillation = null,
            };
        }
    }

    /// <summary>
    /// How long an update takes where every dialogue is as long as it may be, and the whole run, by the speeds that a probe had: without judging, and without
    /// what distillation reads.
    /// </summary>
    public (TimeSpan Update, TimeSpan Run)? Times(IReadOnlyDictionary<string, double> probe)
    {
        if (!probe.TryGetValue("generation_tokens_per_second", out var generated) || !probe.TryGetValue("learning_tokens_per_second", out var learned))
            return null;
        // What is measured before learning is measured once of the tokens that are then learned from in each epoch.
        var measuring = probe.GetValueOrDefault("learning_seconds") is > 0 and var seconds ? probe.GetValueOrDefault("measuring_seconds") / seconds / Config.Epochs : 0;
        var (playing, learning) = (TimeSpan.FromSeconds(Generated / generated), TimeSpan.FromSeconds(Learned / learned * (1 + measuring)));
        return Config.Experience.Played is null ? (playing + learning, Rounds * playing + Config.Updates * learning) : (learning, playing + Config.Updates * learning);
    }

    /// <summary>How long an update takes where every dialogue is as long as it may be; null where a probe had no speed.</summary>
    public TimeSpan? Update(IReadOnlyDictionary<string, double> probe) => Times(probe)?.Update;

    public override string ToString()
    {
        var text = new StringBuilder();
        Line("policy", $"{Policy}, {Parameters:N0} parameters; learned {(Config.LoraRank > 0 ? $"are adapters of rank {Config.LoraRank}" : "are all of them")}, " +
            $"{(Config.Dtype == WeightType.Bfloat16 ? "bfloat16 with 32-bit copies" : "32 bits")}");
        Line("problems", $"{Problems}, {Prompts.Count:N0}; first prompts of {Prompts.Average():F0} tokens in the mean, {Prompts.Max()} the longest");
        Line("dialogues", $"{Config.TurnLimit} turn{(Config.TurnLimit > 1 ? "s" : "")} of {Config.MaxResponseTokens} tokens at most, " +
            $"{Config.MaxDialogueTokens} in all, at temperature {Config.Temperature}; feedback {Feedback}, reward {Reward}");
        Line("an update", $"{Config.ProblemsPerUpdate} problems × {Config.SamplesPerProblem}, {Config.Minibatches} step{(Config.Minibatches > 1 ? "s" : "")}; " +
            $"at most {(Config.Experience.Played is null ? $"{Generated:N0} tokens generated and " : "")}{Learned:N0} tokens learned from");
        Line("the run", $"{Config.Updates} update{(Config.Updates > 1 ? "s" : "")}{Play}");
        Line("memory", $"about {Memory}{(MemoryEstimate.Available is { } free ? $"; {MemoryEstimate.Gigabytes(free)} free" : "")}");
        foreach (var warning in Warnings)
            Line("warning", warning);
        return text.ToString().TrimEnd('\n');

        void Line(string name, string what) => text.Append(CultureInfo.InvariantCulture, $"{name,-10} {what}\n");
    }

    /// <summary>What will go wrong.</summary>
    public IEnumerable<string> Warnings
    {
        get
        {
            if (TooLong.Count > 0)
                yield return $"{TooLong.Count} problems, such as '{TooLong[0]}', leave no room for a response of {Config.MaxResponseTokens} tokens in " +
                    $"a dialogue of {Config.MaxDialogueTokens}: allow longer dialogues (--max-dialogue-tokens) or shorter responses (--max-tokens).";
            if (Config.Advantage.ComparesWithinGroups && Config.SamplesPerProblem == 1)
                yield return "this advantage compares dialogues about one problem, of which there is one for each: nothing would be learned. Play several (--set samples_per_problem=8).";
            if (Config.Advantage.ComparesWithinGroups && Config.SamplesPerProblem > 1 && Config.Experience.Learned is > 0)
                yield return "this advantage compares dialogues about one problem, and an update draws single ones from a buffer: " +
                    "many would have no other to be compared with, and teach nothing. Learn from what was just played (--set experience=on-policy).";
            if (Config.Kl is { In: KlPenalty.Place.Loss, By: KlPenalty.Estimator.K1, Weight: > 0 })
                yield return "the gradient of k1 does not know the reference, so that in the loss it holds the policy to nothing: " +
                    "take k3 (--set kl.by=k3), or charge it to the reward (--set kl.in=reward).";
            if (MemoryEstimate.Available is { } free && Memory.Total > free)
                yield return $"that is more memory than is free. {Remedy}";
        }
    }

    string Play => Config.Experience.Played is { } played ? string.Create(CultureInfo.InvariantCulture, $", before which {played:N0} dialogues are played, of at most {Generated:N0} tokens generated")
        : (FirstRounds > 1 ? $", the first of which plays {FirstRounds} rounds" : "")
            + string.Create(CultureInfo.InvariantCulture, $": each problem {(double)Rounds * Config.ProblemsPerUpdate / Prompts.Count:0.###} times");

    string Remedy => Memory.KeysAndValues >= Math.Max(Memory.Learning, Memory.Activations)
        ? $"Shorten dialogues (--max-dialogue-tokens below {Config.MaxDialogueTokens}) or play fewer at once (--set problems_per_update=…)."
        : Memory.Activations > Memory.Learning ? "Learn from fewer tokens at once (--set microbatch_tokens=… below " +
            $"{Config.MicrobatchTokens}){(Config.GradientCheckpointing ? "" : ", or --gradient-checkpointing true")}."
        : Config.LoraRank == 0 ? "Learn adapters (--lora-rank 16)." : "Take a smaller policy.";
}
