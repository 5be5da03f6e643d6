using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Rlef.Problems.Formats;

/// <summary>
/// DebugBench (Tian et al. 2024), Python: a problem of LeetCode, a right program, and a wrong one, which becomes the draft. Tests are LeetCodeDataset's, see
/// <see cref="LeetCodeTests"/>. Records have no id: it is the slug with the beginning of the record's hash.
/// </summary>
sealed class DebugBenchFormat : ProblemFormat
{
    // Of the set that is being read.
    LeetCodeTests? tests;

    public override string Name => "debugbench";

    public override string IdField(JsonElement record) => "slug";

    public override bool Recognises(JsonElement record) => Has(record, "slug", "buggy_code", "oracle_code");

    public override ProblemDraft Read(JsonRecord record)
    {
        var slug = record.RequiredText("slug");
        var (reference, draft) = (record.RequiredText("oracle_code"), record.RequiredText("buggy_code"));
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(record.Root.GetRawText())))[..8];
        return LeetCodeFormat.Draft(record, Tests(record.File).For(record, slug), $"{slug}#{hash}", Statement(record), reference.Trim('\n'), draft.Trim('\n'));
    }

    LeetCodeTests Tests(string file)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        var known = tests;
        return known?.Folder == folder ? known : tests = new(folder);
    }

    static string Statement(JsonRecord record)
    {
        var text = new StringBuilder(record.RequiredText("description").TrimEnd());
        foreach (var (example, i) in record.Texts("examples").Select((e, i) => (e, i)))
            text.Append($"\n\nExample {i + 1}:\n{example.TrimEnd()}");
        return record.Text("constraints") is { Length: > 0 } constraints ? $"{text}\n\nConstraints:\n{constraints.TrimEnd()}\n" : $"{text}\n";
    }
}
