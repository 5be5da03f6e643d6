using System.Text.Json;

namespace Rlef.Problems;

/// <summary>
/// One test. For a stdin/stdout problem, <paramref name="Input"/> is the program's standard input and <paramref name="Output"/>
/// the standard output that the judge expects. For a problem with an <see cref="Problem.EntryPoint"/>, <paramref name="Input"/> is
/// the JSON array of call arguments, or <c>=</c> and a Python expression over the program's names where arguments are objects of its own classes;
/// <paramref name="Output"/> is the JSON of the expected return value.
/// </summary>
public sealed record TestCase(string Input, string Output)
{
    /// <summary>What keeps the texts from being a call and its value: the property at fault, as JSON names it, and the reason. Null for nothing.</summary>
    public (string Field, string Reason)? FaultOfCall() =>
        !Input.StartsWith('=') && Kind(Input) != JsonValueKind.Array ? ("input", "with an entry_point it is a text that holds the JSON list of arguments, such as \"[1, \\\"a\\\"]\".")
        : Kind(Output) is null ? ("output", "with an entry_point it is a text that holds the expected value as JSON.")
        : null;

    static JsonValueKind? Kind(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MaxDepth });
            return document.RootElement.ValueKind;
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>How deeply a value may nest.</summary>
    internal const int MaxDepth = 1024;
}
