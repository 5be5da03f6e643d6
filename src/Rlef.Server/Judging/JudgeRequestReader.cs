using System.Text.Json;
using System.Text.Json.Serialization;
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
    static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    static readonly string Comparisons =
        string.Join(", ", Enum.GetValues<Comparison>().Where(c => c != Comparison.Checker).Select(c => JsonNamingPolicy.SnakeCaseLower.ConvertName(c.ToString())));

    /// <exception cref="RequestFault">The request is faulty; nothing of it is judged.</exception>
    /// <exception cref="BadHttpRequestException">It breaks off, or comes too slowly.</exception>
    public async Task<(IReadOnlyList<JudgeTask> Tasks, bool StopAtFirstFailure)> ReadAsync(HttpRequest asked, CancellationToken cancellation)
    {
        JudgeRequest request;
        try
        {
            request = await RequestBody.ReadJsonAsync<JudgeRequest>(asked, options.MaxRequestBytes, Json, cancellation)
                ?? throw new RequestFault("The request is null; it takes {\"items\": [{\"program\": …, \"problem\": …}]}.");
        }
        catch (JsonException e)
        {
            throw new RequestFault($"The request cannot be read: {(e.Path is { Length: > 2 } path ? $"at {path[2..]}: " : "")}{e.InWordsWithPlace()} Its fields are described in docs/serving.md.");
        }
        if (request.Items.Count == 0)
            throw new RequestFault("items is empty; it takes at least one program.");
        if (request.Items.Count > options.MaxPrograms)
            throw new RequestFault($"items has {request.Items.Count} programs; this server takes {options.MaxPrograms} in a request. Send them in several.");
        return ([.. request.Items.Select((item, i) => Task(item ?? throw new RequestFault($"items[{i}] is null."), $"items[{i}]"))], request.StopAtFirstFailure);
    }

    JudgeTask Task(JudgeItem item, string at)
    {
        if (item.Program is null == item.Response is null)
            throw new RequestFault($"{at} takes program (Python source) or response (a model's text with the program in a code block), and not both.");
        if (item.Problem is null == item.Tests is null)
            throw new RequestFault($"{at} takes problem (an id of the server's set) or tests (a list of input and output), and not both.");
        var problem = item.Tests is { } tests ? Brought(item, tests, at) : Known(item, at);
        var limits = problem.Limits ?? options.Limits;
        return new(item.Program ?? CodeBlock.Find(item.Response!)?.Program, problem with { Limits = item.Limits?.Below(limits, $"{at}.limits") ?? limits });
    }

    Problem Known(JudgeItem item, string at)
    {
        if (item.EntryPoint is not null || item.Comparison is not null)
            throw new RequestFault($"{at}: entry_point and comparison go with tests; a problem has its own.");
        if (problems is null)
            throw new RequestFault($"{at}.problem: this server has no problems. Start it with --problems, or send tests.");
        return problems.IndexOf(item.Problem!) is >= 0 and var index ? problems[index]
            : throw new RequestFault($"{at}.problem: the set '{problems.Name}' has no problem '{item.Problem!.OneLine()}'. It has {problems.Count}, such as '{problems[0].Id}'.");
    }

    Problem Brought(JudgeItem item, IReadOnlyList<TestCase> tests, string at)
    {
        if (tests.Count == 0)
            throw new RequestFault($"{at}.tests is empty; without a test nothing can be judged.");
        if (tests.Count > options.MaxTests)
            throw new RequestFault($"{at}.tests has {tests.Count}; this server takes {options.MaxTests} for a program.");
        var entry = item.EntryPoint is { } name ? EntryName.Parse(name) ?? throw new RequestFault($"{at}.entry_point: '{name.OneLine()}' {EntryName.Fault}") : null as (string? Class, string Function)?;
        if (item.Comparison == Comparison.Checker)
            throw new RequestFault($"{at}.comparison: a checker is part of a problem of the server's set. Tests take {Comparisons}.");
        if (item is { EntryPoint: not null, Comparison: { } rule } && OutputComparer.IsOfText(rule))
            throw new RequestFault($"{at}.comparison: {rule.ToString().ToLowerInvariant()} {OutputComparer.NotForValues}");
        for (var i = 0; i < tests.Count; i++)
        {
            var test = tests[i] ?? throw new RequestFault($"{at}.tests[{i}] is null.");
            if (item.EntryPoint is not null && test.FaultOfCall() is { } fault)
                throw new RequestFault($"{at}.tests[{i}].{fault.Field}: {fault.Reason}");
        }
        return new()
        {
            Id = at,
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
    }
}
