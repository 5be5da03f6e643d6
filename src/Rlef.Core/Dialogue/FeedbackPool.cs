using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Rlef.Execution;
using Rlef.Problems;

namespace Rlef.Dialogue;

/// <summary>Messages that programs earned, with the problems that they earned them on.</summary>
static class FeedbackPool
{
    /// <summary>Judges programs on their problems' public tests and keeps the messages of those that fail; one that passes is replaced by a program that raises.</summary>
    public static async Task<ImmutableArray<(Problem Problem, string Message)>> EarnAsync(DialogueWording wording, IJudge judge,
        IReadOnlyCollection<(Problem Problem, string Program)> programs, CancellationToken cancellation)
    {
        var messages = await Task.WhenAll(programs.Select(async p =>
        {
            var judgement = await judge.JudgeAsync(p.Program, p.Problem, p.Problem.PublicTests, cancellation: cancellation);
            if (judgement.Accepted)
                judgement = await judge.JudgeAsync("raise NotImplementedError()", p.Problem, p.Problem.PublicTests, cancellation: cancellation);
            return judgement.Kind == VerdictKind.InfrastructureError ? null : FeedbackMessage.Compose(wording, p.Problem, judgement);
        }));
        return [.. programs.Zip(messages).Where(x => x.Second is not null).Select(x => (x.First.Problem, x.Second!))];
    }

    /// <summary>Of the programs rather than of their messages, which may hold addresses, draws and times and differ when they are earned again.</summary>
    public static string Digest(IEnumerable<(Problem Problem, string Program)> programs) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', programs.Select(p => (p.Problem.Id, p.Program))))));
}
