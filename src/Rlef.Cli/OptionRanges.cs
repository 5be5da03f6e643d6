using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Rlef.Cli;

/// <summary>What the numbers and texts on the command line may be. An option of one name means the same in every command.</summary>
static class OptionRanges
{
    /// <param name="Above">Whether the least value itself is too little.</param>
    readonly record struct Range(double Least, double Most = double.PositiveInfinity, bool Above = false)
    {
        public bool Holds(double value) => double.IsFinite(value) && (Above ? value > Least : value >= Least) && value <= Most;
        public override string ToString() => (Above ? "more than" : "at least") + $" {Least}" + (double.IsFinite(Most) ? $" and at most {Most}" : "");
    }

    static readonly Dictionary<string, Range> Ranges = new()
    {
        ["--cell-timeout"] = new(0, 1 << 24, Above: true),
        ["--updates"] = new(1),
        ["--test-problems"] = new(1),
        ["--turns"] = new(1),
        ["--steps"] = new(1),
        ["--epochs"] = new(1),
        ["--dialogues"] = new(1),
        ["--each"] = new(1),
        ["--shots"] = new(1),
        ["--batch-tokens"] = new(1),
        ["--most"] = new(0),
        ["--sample"] = new(1),
        ["--jobs"] = new(1),
        ["--hidden"] = new(0, 1),
        ["--repair"] = new(0, 1),
        ["--max-tokens"] = new(1),
        ["--max-dialogue-tokens"] = new(2),
        ["--top-k"] = new(0),
        ["--top-p"] = new(0, 1, Above: true),
        ["--min-p"] = new(0, 1),
        ["--temperature"] = new(0),
        ["--warmup"] = new(0),
        ["--lora-rank"] = new(0),
        ["--learning-rate"] = new(0, Above: true),
        ["--port"] = new(0, 65535),
        ["--cpu-seconds"] = new(0.01, 3600),
        ["--memory-mb"] = new(32, 1 << 20),
        ["--max-request-mb"] = new(1, 1024),
        ["--max-programs"] = new(1),
        ["--max-tests"] = new(1),
        ["--max-requests"] = new(1),
        ["--concurrency"] = new(1, 4096),
        ["--tokens-under-way"] = new(1),
        ["--request-timeout"] = new(0, 86_400, Above: true),
        ["--retries"] = new(0, 100),
        ["--price-in"] = new(0),
        ["--price-out"] = new(0),
        ["--max-batch"] = new(1, 4096),
        ["--grace-seconds"] = new(0, 86_400),
        ["--max-choices"] = new(1, 4096),
        ["--max-seconds"] = new(0, 1 << 20),
    };

    public static void Apply(Command command)
    {
        foreach (var option in command.Options)
        {
            Range? range = Ranges.TryGetValue(option.Name, out var known) ? known : null;
            var real = (Nullable.GetUnderlyingType(option.ValueType) ?? option.ValueType) == typeof(double);
            if (real || range is not null)
                option.Validators.Add(result =>
                {
                    foreach (var token in result.Tokens)
                        if (Fault(token.Value, real, range) is { } fault)
                            result.AddError($"{option.Name} must be {fault}, not {token.Value}.");
                });
            option.Validators.Add(result => RefuseNothing(result, option.Name));
        }
        foreach (var argument in command.Arguments)
            argument.Validators.Add(result => RefuseNothing(result, argument.Name));
        foreach (var child in command.Subcommands)
            Apply(child);
    }

    // Such as a variable of the shell that is not set. No name of a file, policy or server is empty.
    static void RefuseNothing(SymbolResult result, string name)
    {
        if (result.Tokens.Any(token => token.Value.Length == 0))
            result.AddError($"{name} is empty.");
    }

    // The parser itself takes a comma to part thousands, so that 0,5 would be 5. What is no whole number where one is needed, it tells.
    static string? Fault(string text, bool real, Range? range)
    {
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
            return real ? "a number, such as 0.5" : null;
        return range is { } known ? known.Holds(value) ? null : known.ToString()
            : double.IsFinite(value) ? null : "a finite number";
    }
}
