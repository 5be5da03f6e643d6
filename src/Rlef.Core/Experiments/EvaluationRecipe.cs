using System.Text.Json.Nodes;
using Rlef.Dialogue;
using Rlef.Execution;
using Rlef.Learning;
using Rlef.Problems;

namespace Rlef.Experiments;

/// <summary>All that decides an evaluation but the number of dialogues, so that one can be gone on with, and is never gone on with as another.</summary>
/// <param name="Policy">SHA-256 of the weights, or the model's name and its server's address.</param>
/// <param name="Problems">Name of the problem set and SHA-256 of its problems, tests included.</param>
/// <param name="Feedback">The feedback arm, with a digest of what it draws from.</param>
/// <param name="MaxDialogueTokens">Null where the server decides.</param>
/// <param name="PythonPackages">What programs may import beside the standard library, with versions.</param>
/// <param name="Examples">Digest of those that stand before each dialogue; null for none.</param>
public sealed record EvaluationRecipe(string Policy, string Problems, DialogueWording Wording, string Feedback, int Turns, double Temperature, double TopP, int MaxTokens,
    int? MaxDialogueTokens, ulong Seed, string PythonPackages, string? Examples = null)
{
    public static EvaluationRecipe Of(string policy, ProblemSet problems, RolloutOptions options, int? maxDialogueTokens, ulong seed, IReadOnlyList<PythonPackage> packages) =>
        new(policy, Recipe.NameOf(problems), options.Wording, options.Feedback.Identity, options.TurnLimit,
            options.Sampling.Temperature, options.Sampling.TopP, options.Sampling.MaxTokens, maxDialogueTokens, seed, string.Join(", ", packages), options.Examples.Identity);

    public JsonObject ToJson() => RecipeJson.Serialise(this)!.AsObject();

    /// <summary>What keeps an evaluation that was begun by another recipe from being gone on with by this one, in words; empty if nothing does.</summary>
    public IReadOnlyList<string> DifferencesFrom(JsonObject begun) => [.. Recipe.Differences(ToJson(), begun)];
}
