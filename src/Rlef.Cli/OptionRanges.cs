using System.CommandLine;
using System.Globalization;

namespace Rlef.Cli;

/// <summary>What the numbers on the command line may be. An option of one name means the same in every command.</summary>
static class OptionRanges
{
    static readonly Dictionary<string, (double Least, bool Included)> Ranges = new()
    {
        ["--updates"] = (1, true),
        ["--test-problems"] = (1, true),
        ["--turns"] = (1, true),
        ["--samples"] = (1, true),
        ["--seeds"] = (1, true),
        ["--steps"] = (1, true),
        ["--limit"] = (1, true),
        ["--workers"] = (1, true),
        ["--temperature"] = (0, true),
        ["--learning-rate"] = (0, false),
    };

    public static void Apply(Command command)
    {
        foreach (var option in command.Options)
            if (Ranges.TryGetValue(option.Name, out var range))
                option.Validators.Add(result =>
                {
                    foreach (var token in result.Tokens)
                        if (double.TryParse(token.Value, CultureInfo.InvariantCulture, out var value)
                            && !(double.IsFinite(value) && (range.Included ? value >= range.Least : value > range.Least)))
                            result.AddError($"{option.Name} must be {(range.Included ? "at least" : "more than")} {range.Least}, not {token.Value}.");
                });
        foreach (var child in command.Subcommands)
            Apply(child);
    }
}
