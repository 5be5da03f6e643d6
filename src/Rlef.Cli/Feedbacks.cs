using Rlef.Dialogue;
using Rlef.Experiments;
using Rlef.Policy;
using Rlef.Problems;

namespace Rlef.Cli;

/// <summary>What a policy can be told, by name.</summary>
static class Feedbacks
{
    public static IReadOnlyList<string> Names { get; } = ["real", "random", "none"];

    /// <param name="maxTokens">Longest answer of the programs whose feedback the random arm shows.</param>
    public static async Task<IFeedbackSource> CreateAsync(string name, Laboratory laboratory, ProblemSet problems, int maxTokens, int maxDialogueTokens,
        CancellationToken cancellation) => name switch
        {
            "none" => new NoFeedback(laboratory.Wording),
            "random" => await laboratory.RandomFeedbackAsync(problems, sampling: Sampling.Nano with { MaxTokens = maxTokens }, maxDialogueTokens: maxDialogueTokens,
                cancellation: cancellation),
            _ => new RealFeedback(laboratory.Wording),
        };
}
