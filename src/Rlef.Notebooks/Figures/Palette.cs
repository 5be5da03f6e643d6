using System.Text;
using Rlef.Execution;

namespace Rlef.Notebooks;

/// <summary>
/// The colours of all figures, by the name of the arm, so that an arm looks the same in every notebook. The hues are Okabe and
/// Ito's, which colour-blind readers can tell apart (https://jfly.uni-koeln.de/color/).
/// </summary>
public static class Palette
{
    private static readonly string[] Hues = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#7A5195", "#666666"];

    private static readonly Dictionary<string, string> Arms = new(StringComparer.OrdinalIgnoreCase)
    {
        ["base"] = "#666666", ["before"] = "#666666", ["base policy"] = "#666666",
        ["rlef"] = "#0072B2", ["after"] = "#0072B2", ["real"] = "#0072B2", ["real feedback"] = "#0072B2",
        ["random"] = "#D55E00", ["random feedback"] = "#D55E00",
        ["none"] = "#E69F00", ["no feedback"] = "#E69F00",
        ["shuffled"] = "#CC79A7", ["shuffled feedback"] = "#CC79A7",
        ["truncated"] = "#009E73", ["truncated feedback"] = "#009E73",
        ["single turn"] = "#56B4E9", ["independent samples"] = "#56B4E9",
        ["binary"] = "#0072B2", ["coarse"] = "#009E73", ["fine"] = "#CC79A7", ["adaptive"] = "#E69F00", ["all together"] = "#7A5195",
        ["solved"] = "#0072B2", ["first turn"] = "#E69F00",
    };

    /// <summary>An arm's colour as <c>#rrggbb</c>. A name the palette does not know gets a hue by its letters, the same every time.</summary>
    public static string OfArm(string arm) => Arms.GetValueOrDefault(arm.Trim()) ?? Hues[Hash(arm) % (uint)Hues.Length];

    /// <summary>The colours of arms that share a figure: each its own where no earlier one has it, else the next that is free.</summary>
    public static IReadOnlyList<string> Distinct(IReadOnlyList<string> arms)
    {
        var taken = new List<string>();
        foreach (var arm in arms)
            taken.Add(Hues.Prepend(OfArm(arm)).FirstOrDefault(hue => !taken.Contains(hue)) ?? OfArm(arm));
        return taken;
    }

    /// <summary>A verdict's colour as <c>#rrggbb</c>.</summary>
    public static string OfVerdict(VerdictKind verdict) => verdict switch
    {
        VerdictKind.Accepted => "#009E73",
        VerdictKind.WrongAnswer => "#D55E00",
        VerdictKind.RuntimeError => "#E69F00",
        VerdictKind.OutputLimit => "#56B4E9",
        VerdictKind.TimeLimit => "#0072B2",
        VerdictKind.MemoryLimit => "#7A5195",
        VerdictKind.CompileError => "#CC79A7",
        _ => "#999999",
    };

    /// <summary>The colour at the given opacity, as CSS.</summary>
    public static string Translucent(string hex, double opacity)
    {
        if (hex.Length != 7 || hex[0] != '#' || hex.AsSpan(1).ContainsAnyExcept("0123456789abcdefABCDEF"))
            throw new ArgumentException($"The colour '{hex}' is none of the form #rrggbb.", nameof(hex));
        var rgb = Convert.FromHexString(hex.AsSpan(1));
        return FormattableString.Invariant($"rgba({rgb[0]},{rgb[1]},{rgb[2]},{opacity:0.##})");
    }

    // FNV-1a: string.GetHashCode differs from run to run.
    internal static uint Hash(string text)
    {
        var hash = 2166136261u;
        foreach (var unit in Encoding.UTF8.GetBytes(text.Trim().ToLowerInvariant())) hash = (hash ^ unit) * 16777619u;
        return hash;
    }
}
