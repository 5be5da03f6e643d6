using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Rlef.Dialogue;
using Rlef.Execution;
using Rlef.Problems;
using Rlef.Storage;

namespace Rlef.Server;

/// <summary>Judges the programs of a request side by side, as <c>rlef judge</c> does one.</summary>
sealed class JudgeService(ISandbox sandbox, ProblemSet? problems, JudgeServerOptions options, JudgeMetrics metrics)
{
    static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
    readonly IJudge judge = new EvaluationJudge(sandbox);
    readonly JudgeRequestReader reader = new(problems, options);

    public async Task<IResult> AnswerAsync(HttpRequest request, CancellationToken gone)
    {
        var (tasks, stop) = await reader.ReadAsync(request, gone);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(gone);
        limit.CancelAfter(options.TimeLimit);
        try
        {
            var results = await Task.WhenAll(tasks.Select(task => metrics.CountAsync(() => JudgeAsync(task, stop, limit.Token))));
            return Results.Json(new JudgeAnswer(results), Json);
        }
        catch (OperationCanceledException) when (!gone.IsCancellationRequested)
        {
            throw RequestFault.TooSlow(options.TimeLimit);
        }
        catch (SandboxUnavailableException)
        {
            throw new RequestFault("The sandbox does not start again. The server's machine needs a look: rlef doctor.", StatusCodes.Status503ServiceUnavailable);
        }
    }

    async Task<ProgramResult> JudgeAsync(JudgeTask task, bool stopAtFirstFailure, CancellationToken cancellation)
    {
        var (problem, tests) = (task.Problem, task.Problem.AllTests);
        if (task.Program is not { } program)
            return new("no_program", false, 0, tests.Length, FeedbackMessage.Compose(options.Wording, problem, null), []);
        var judgement = await judge.JudgeAsync(program, problem, tests, stopAtFirstFailure, cancellation);
        return new(Name(judgement.Kind), judgement.Accepted, judgement.Passed, tests.Length, Feedback(problem, judgement),
            [.. judgement.Verdicts.Select((verdict, i) => new TestResult(ProblemSetValidator.TestName(problem, i), Name(verdict.Kind), verdict.Cpu.TotalSeconds,
                verdict.Error is { } error ? new(error.Type, error.Message.OneLine(), error.Line) : null))]);
    }

    string? Feedback(Problem problem, Judgement judgement)
    {
        var told = judgement with { Verdicts = [.. judgement.Verdicts.Take(problem.PublicTests.Length)] };
        return judgement.Kind == VerdictKind.InfrastructureError || told.Kind == VerdictKind.Accepted ? null : FeedbackMessage.Compose(options.Wording, problem, told);
    }

    static string Name(VerdictKind kind) => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());
}
