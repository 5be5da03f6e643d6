using System.Text.Json.Nodes;
using Rlef.Experiments;
using Rlef.Learning;

namespace Rlef.Core.Tests.Learning;

public sealed class PresetTableTests
{
    [Fact]
    public void The_document_has_what_the_presets_have()
    {
        var table = File.ReadAllLines(Home.File("docs", "metrics.md")).SkipWhile(line => !line.StartsWith("| setting | what it is |", StringComparison.Ordinal)).TakeWhile(line => line.StartsWith('|')).Select(line => line.Split('|', StringSplitOptions.TrimEntries)[1..^1]).ToList();
        string[] presets = table[0][2..];
        Assert.Equal(TrainingConfig.Presets.Keys, presets);
        foreach (var row in table.Skip(2))
            Assert.Equal(presets.Select(preset => Value(TrainingConfig.Presets[preset], row[0].Trim('`'))), row[2..]);
        // Arms have a table of their own.
        string[] told = [.. table.Skip(2).Select(row => row[0].Trim('`').Split('.')[0]), "seed", "curriculum", "experience", "advantage", "objective", "aggregation", "distillation", "entropy_weight"];
        Assert.Equal(JsonNode.Parse(TrainingConfig.Nano.ToJson())!.AsObject().Select(setting => setting.Key).Order(), told.Distinct().Order());
    }

    static string Value(TrainingConfig config, string setting) =>
        setting.Split('.').Aggregate(JsonNode.Parse(config.ToJson())!, (node, name) => node[name]!).ToString();
}
