using System.Text.Json;
using Rlef.Problems;
using Rlef.Problems.Formats;

namespace Rlef.Evaluation.Samples;

/// <summary>
/// Samples made elsewhere, plain or gzipped: one JSON object a line (or an array of them), or a list for each problem as other harnesses write them. An
/// object has <c>task_id</c>, <c>id</c> or <c>question_id</c>, and either <c>completion</c>, which continues the problem's prompt, or <c>program</c> (or
/// <c>solution</c>), which is whole, or LiveCodeBench's <c>code_list</c> of whole programs. Lines are read as a stream: the file may be larger than memory.
/// </summary>
public static class SampleFile
{
    static readonly string[] Ids = ["task_id", "id", "question_id"];

    /// <summary>What is read, for those whose file is something else.</summary>
    public const string Shapes = "Samples are lines {\"task_id\": …, \"completion\": …} or {\"task_id\": …, \"program\": …}, " +
        "a list with a list of programs for each problem (bigcode-evaluation-harness), or a list of {\"question_id\": …, \"code_list\": […]} (LiveCodeBench)";

    /// <exception cref="ProblemFormatException">A line is no sample, or its problem is not in the set.</exception>
    /// <exception cref="InvalidDataException">The compressed data are broken.</exception>
    public static IEnumerable<Sample> Read(string path, ProblemReading problems)
    {
        var targets = new SampleTargets(problems);
        var (row, lists) = (0, 0);
        foreach (var (record, fault) in RecordFile.ReadValues(path))
        {
            if (record is null)
                throw fault!;
            var whole = record.WithWholeCharacters();
            var (target, programs) = whole.Root.ValueKind switch
            {
                JsonValueKind.Object => Labelled(whole, targets),
                JsonValueKind.Array => (targets.At(lists++, whole), whole.Texts(whole.Root, "(list)")),
                _ => throw record.Fault(ProblemFault.WholeLine, $"no sample, but a {record.Root.ValueKind}. {Shapes}."),
            };
            foreach (var program in programs)
                yield return new(row++, target.Id, target.Problem, program);
        }
        targets.CheckCount(path, lists);
    }

    static (SampleTargets.Target, IEnumerable<string>) Labelled(JsonRecord record, SampleTargets targets)
    {
        var field = Ids.FirstOrDefault(record.Has) ?? throw record.Fault("task_id", $"missing; it names the problem that the sample is for. {Shapes}.");
        var target = targets.Named(record.Id(field), record, field);
        if (record.Has("code_list"))
            return (target, record.Texts("code_list"));
        if (record.Has("output_list"))
            throw record.Fault("code_list", "missing; output_list has whole responses. Let ./rlef extract find the programs in them.");
        return (target, [record.Text("program") ?? record.Text("solution")
            ?? (record.Text("completion") is { } completion ? (target.Problem is { } index ? targets.Problems[index].CompletionPrefix : "") + completion : null)
            ?? throw record.Fault("completion", $"missing or null; a sample has a completion, which continues the prompt, or a whole program. Write \"\" for none. {Shapes}.")]);
    }
}
