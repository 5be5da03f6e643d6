using Rlef.Dialogue;
using Rlef.Execution;
using Rlef.Policy;
using Rlef.Problems;

namespace Rlef.Core.Tests.Rewards;

/// <summary>Single turns whose programs the sandbox has judged.</summary>
static class PlayedPrograms
{
    /// <summary>Its tests: "1 2" → 3, the public one, "3 4" → 7 and "5 0" → 5.</summary>
    public static readonly Problem Sum = new()
    {
        Id = "sum", Statement = "Add two numbers.", PublicTests = [new("1 2\n", "3")], PrivateTests = [new("3 4\n", "7"), new("5 0\n", "5")],
        Limits = Limits.Default with { Wall = TimeSpan.FromSeconds(30) },
    };

    public static string Fenced(string program) => $"So:\n```python\n{program}\n```\nThat is all.";

    /// <summary>The episode in which a policy gives the response to <see cref="Sum"/>, with its token for the end.</summary>
    public static async Task<Episode> PlayAsync(Sandboxes sandboxes, string response, PolicyTokenizer tokenizer, bool truncated = false)
    {
        int[] ids = truncated ? tokenizer.Encode(response) : [.. tokenizer.Encode(response), tokenizer.VocabularySize - 1];
        var (code, cancellation) = (CodeBlock.Find(response), TestContext.Current.CancellationToken);
        async Task<Judgement?> JudgedAsync(bool hidden) =>
            code is null ? null : await sandboxes.Judge().JudgeAsync(code.Program, Sum, hidden ? Sum.PrivateTests : Sum.PublicTests, cancellation: cancellation);
        var turn = new Turn
        {
            Observation = Sum.Statement, Prompt = [1], Response = ids, LogProbs = new float[ids.Length], Text = response, Truncated = truncated, Code = code,
            Public = await JudgedAsync(false),
        };
        return new(Sum, 0, [turn], await JudgedAsync(true));
    }
}
