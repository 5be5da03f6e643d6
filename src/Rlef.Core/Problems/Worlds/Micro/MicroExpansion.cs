using System.Globalization;
using System.Text.RegularExpressions;
using Rlef.Randomness;

namespace Rlef.Problems.Micro;

/// <summary>
/// Fills the slots of a rule, the same way in its sentences and its code. A slot is a kind of <see cref="MicroGrammar.Phrases"/>, a choice of the rule,
/// or a constant; a digit behind the name tells two of a kind apart, <c>:</c> names the variable that the code speaks of.
/// </summary>
sealed partial class MicroExpansion
{
    static readonly string[] Names = ["stone", "river", "cloud", "bread", "lemon", "tiger"];

    readonly Dictionary<string, (string Text, string[] Code)> filled = [];
    readonly List<string> kinds = [];
    readonly MicroRule rule;

    public MicroExpansion(MicroRule rule, ref RandomStream random)
    {
        this.rule = rule;
        foreach (var choice in rule.Choices)
        {
            var option = random.Pick(choice.Options);
            filled[choice.Slot] = (option.Text, [.. option.Code]);
            kinds.Add(option.Text.Split(' ')[0].Trim(',') + (choice.Options.Count(o => o.Text.Split(' ')[0] == option.Text.Split(' ')[0]) > 1
                ? choice.Options.IndexOf(option).ToString(CultureInfo.InvariantCulture) : ""));
        }
        Text = FillText(random.Pick(rule.Phrasings), ref random);
        Code = FillCode(rule.Code, ref random);
        Variants = [];
        foreach (var (kind, code) in rule.Variants)
            Variants[kind] = FillCode(code, ref random);
    }

    public string Text { get; }
    public string Code { get; }
    public SortedDictionary<string, string> Variants { get; }

    /// <summary>The rule with the kinds that fill it, without constants and wording.</summary>
    public string Composition => kinds.Count == 0 ? rule.Name : $"{rule.Name}({string.Join(',', kinds)})";

    string FillText(string text, ref RandomStream random)
    {
        while (Slot().Match(text) is { Success: true } slot)
            text = text[..slot.Index] + Find(slot.Groups["name"].Value, ref random).Text + text[(slot.Index + slot.Length)..];
        return text;
    }

    string FillCode(string code, ref RandomStream random)
    {
        while (Slot().Match(code) is { Success: true } slot)
        {
            var name = slot.Groups["name"].Value;
            var pieces = Find(name, ref random).Code;
            var piece = pieces[slot.Groups["field"] is { Success: true } field ? field.ValueSpan[0] - '1' : 0];
            var variable = slot.Groups["variable"] is { Success: true } given ? given.Value
                : MicroGrammar.Phrases.TryGetValue(KindOf(name), out var kind) ? kind.Variable : "x";
            code = code[..slot.Index] + piece.Replace("{v}", variable, StringComparison.Ordinal) + code[(slot.Index + slot.Length)..];
        }
        return code;
    }

    (string Text, string[] Code) Find(string name, ref RandomStream random)
    {
        if (filled.TryGetValue(name, out var known))
            return known;
        var (text, code, kind) = Fill(name, ref random);
        if (kind.Length > 0)
            kinds.Add(kind);
        return filled[name] = (text, [code]);
    }

    // Words, code and kind for a slot; a constant has no kind. A phrase's own slots are its own, whatever the rule calls others.
    static (string Text, string Code, string Kind) Fill(string name, ref RandomStream random)
    {
        if (!MicroGrammar.Phrases.TryGetValue(KindOf(name), out var known))
            return Constant(KindOf(name), ref random) is var constant ? (constant, constant, "") : default;
        var phrase = random.Pick(known.Phrases);
        var (text, code) = (random.Pick(phrase.Texts), phrase.Code);
        List<string> kinds = phrase.Name == "one" ? [] : [phrase.Name];
        while (Slot().Match(text) is { Success: true } slot)
        {
            var inner = Fill(slot.Groups["name"].Value, ref random);
            text = text.Replace(slot.Value, inner.Text, StringComparison.Ordinal);
            code = code.Replace(slot.Value, inner.Code, StringComparison.Ordinal);
            if (inner.Kind.Length > 0)
                kinds.Add(inner.Kind);
        }
        return (text, code, string.Join('-', kinds));
    }

    // A digit tells two slots of a kind apart.
    static string KindOf(string slot) => slot.TrimEnd('2');

    static string Constant(string kind, ref RandomStream random) => kind switch
    {
        "k" => Number(random.NextInt(2, 9)),
        "div" => Number(random.NextInt(3, 7)),
        "few" => Number(random.NextInt(2, 3)),
        "limit" => Number(random.NextInt(4, 5)),
        "start" => Number(random.NextInt(0, 9)),
        "m" => Number(random.NextInt(10, 30)),
        "absent" => random.Pick(["0", "-1", "99"]),
        "letter" => ((char)random.NextInt('f', 't')).ToString(),
        "common" => ((char)random.NextInt('a', 'e')).ToString(),
        "sign" => random.Pick(["-", "*", "+", "."]),
        "name" => random.Pick(Names),
        _ => throw new InvalidOperationException($"The micro world's grammar has no slot '{kind}'."),
    };

    static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\{(?<name>[a-z]+2?)(\.(?<field>\d))?(:(?<variable>[^{}]+))?\}")]
    private static partial Regex Slot();
}
