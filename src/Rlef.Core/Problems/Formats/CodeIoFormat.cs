using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Rlef.Execution;

namespace Rlef.Problems.Formats;

/// <summary>
/// CodeI/O (Li et al. 2025): a question, a reference function and a generator of its inputs. Tests are made by both in the sandbox, with a fixed seed each; the
/// first is public and stands in the statement, since rounding and names of keys often follow from an example alone.
/// </summary>
sealed partial class CodeIoFormat : ProblemFormat
{
    const int Seeds = 8, LongestExample = 600;

    static readonly Limits TimeLimits = new(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30), 1L << 30, 16 << 20);

    [GeneratedRegex(@"^def\s+main_solution\s*\([^)]*\)", RegexOptions.Multiline)]
    private static partial Regex Header { get; }

    public override string Name => "codeio";

    public override bool Recognises(JsonElement record) => Has(record, "task_description", "input_output_spec", "code_sample", "input_generator");

    public override ProblemDraft Read(JsonRecord record)
    {
        string task = record.RequiredText("task_description"), form = record.RequiredText("input_output_spec");
        string reference = record.RequiredText("code_sample", "expected outputs come from running it."), generator = record.RequiredText("input_generator", "inputs come from running it.");
        if (Header.Match(reference) is not { Success: true } header)
            throw record.Fault("code_sample", "it defines no function main_solution.");
        return new(record.File, record.Line, new Problem
        {
            // The records have no ids.
            Id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(record.Root.GetRawText())))[..16],
            Statement = $"{task.TrimEnd()}\n\n{form.TrimEnd()}\n\nWrite the function {header.Value["def".Length..].Trim()}.\n",
            PublicTests = [],
            PrivateTests = [],
            Reference = reference,
            EntryPoint = "main_solution",
            Comparison = Comparison.Value,
            Checker = FormatScripts.With(FormatScripts.CodeIo),
            Limits = TimeLimits,
        }, new(FormatScripts.CodeIo, new JsonObject { ["reference"] = reference, ["generator"] = generator, ["seeds"] = Seeds, ["longest"] = LongestExample }.ToJsonString()));
    }
}
