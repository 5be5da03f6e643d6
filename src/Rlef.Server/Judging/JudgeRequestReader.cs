using Microsoft.AspNetCore.Http;
using Rlef.Dialogue;
using Rlef.Execution;
using Rlef.Problems;
using Rlef.Storage;

namespace Rlef.Server;

/// <summary>Reads what a client asks for, and refuses what is more than the server grants.</summary>
/// <param name="problems">What requests may name; null for none.</param>
sealed class JudgeRequestReader(ProblemSet? problems, JudgeServerOptions options)
{
    /// <returns>A task for each program; whether the tests of a program after the first that is not accepted are left out.</returns>
    /// <exception cref="RequestFault">The request is faulty; nothing of it is judged.</exception>
    /// <exception cref="BadHttpRequestException">It breaks off, or comes too slowly.</exception>
    public async Task<(IReadOnlyList<JudgeTask> Tasks, bool StopAtFirstFailure)> ReadAsync(HttpRequest asked, CancellationToken cancellation)
    {
        var fields = await RequestFields.ReadAsync(asked, options.MaxRequestBytes, cancellation);
        var (items, stop) = (fields.List("items") ?? throw fields.Missing("items"), fields.Flag("stop_at_first_failure"));
        fields.RefuseOthers();
        if (items.Count == 0)
            throw RequestFields.Fault("items", "is empty; it takes at least one program.");
        if (items.Count > options.MaxPrograms)
            throw RequestFields.Fault("items", $"has {items.Count} programs; this server takes {options.MaxPrograms} in a request. Send them in several.");
        return ([.. items.Select(item => Task(JudgeItem.Read(RequestFields.Of(item.Value, item.At), item.At, options.MaxTests)))], stop);
    }

    JudgeTask Task(JudgeItem item)
    {
        if (item.Program is null == item.Response is null)
            throw RequestFields.Fault(item.At, "takes program (Python source) or response (a model's text with the program in a code block), and not both.");
        if (item.Problem is null == item.Tests is null)
            throw RequestFields.Fault(item.At, "takes problem (an id of the server's set) or tests (a list of input and output), and not both.");
        var problem = item.Tests is { } tests ? Brought(item, tests) : Known(item, item.Problem!);
        var limits = problem.Limits ?? options.Limits;
        return new(item.Program ?? CodeBlock.Find(item.Response!)?.Program, problem with { Limits = item.Limits?.Below(limits) ?? limits });
    }

    Problem Known(JudgeItem item, string id)
    {
        if (item.EntryPoint is not null || item.Comparison is not null)
            throw RequestFields.Fault($"{item.At}.{(item.EntryPoint is not null ? "entry_point" : "comparison")}", "goes with tests; a problem has its own.");
        if (problems is null)
            throw RequestFields.Fault($"{item.At}.problem", "cannot be found: this server has no problems. Start it with --problems, or send tests.");
        return problems.IndexOf(id) is >= 0 and var index ? problems[index]
            : throw RequestFields.Fault($"{item.At}.problem", $"cannot be found: the set '{problems.Name}' has no problem '{id.OneLine()}'. It has {problems.Count}, such as '{problems[0].Id}'.");
    }

    static Problem Brought(JudgeItem item, IReadOnlyList<TestCase> tests)
    {
        var entry = item.EntryPoint is not { } name ? null as (string? Class, string Function)?
            : EntryName.Parse(name) ?? throw Fault("entry_point", EntryName.FaultOf(name));
        if (entry is not null && item.Comparison is { } rule && OutputComparer.IsOfText(rule))
            throw Fault("comparison", $"{rule.ToString().ToLowerInvariant()} {OutputComparer.NotForValues}");
        for (var i = 0; entry is not null && i < tests.Count; i++)
            if (tests[i].FaultOfCall() is { } fault)
                throw Fault($"tests[{i}].{fault.Field}", fault.Reason);
        return new()
        {
            Id = item.At,
            Statement = "",
            PublicTests = [.. tests],
            PrivateTests = [.. tests],
            EntryPoint = entry?.Function,
            EntryClass = entry?.Class,
            Comparison = item switch
            {
                { EntryPoint: null } => item.Comparison ?? Comparison.Tokens,
                // The same value has many spellings.
                { Comparison: Comparison.Exact } => Comparison.Equality,
                _ => item.Comparison ?? Comparison.Value,
            },
        };

        RequestFault Fault(string field, string what) => RequestFields.Fault($"{item.At}.{field}", what, separator: ": ");
    }
}
