using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Rlef.Notebooks.Publishing;

/// <summary>
/// Formulas without a typesetter: letters and signs by name become their characters, indices and powers are set low and high,
/// fractions are written with a slash. What it does not know stays as TeX, which can be read too.
/// </summary>
internal static partial class TexText
{
    private static readonly Dictionary<string, string> Signs = new(StringComparer.Ordinal)
    {
        ["alpha"] = "α", ["beta"] = "β", ["gamma"] = "γ", ["delta"] = "δ", ["epsilon"] = "ε", ["varepsilon"] = "ε", ["eta"] = "η", ["theta"] = "θ",
        ["kappa"] = "κ", ["lambda"] = "λ", ["mu"] = "μ", ["nu"] = "ν", ["pi"] = "π", ["rho"] = "ρ", ["sigma"] = "σ", ["tau"] = "τ", ["phi"] = "φ",
        ["chi"] = "χ", ["psi"] = "ψ", ["omega"] = "ω", ["Delta"] = "Δ", ["Sigma"] = "Σ", ["Phi"] = "Φ", ["Omega"] = "Ω",
        ["sum"] = "∑", ["prod"] = "∏", ["int"] = "∫", ["cdot"] = "·", ["times"] = "×", ["pm"] = "±", ["le"] = "≤", ["leq"] = "≤", ["ge"] = "≥", ["geq"] = "≥",
        ["ne"] = "≠", ["neq"] = "≠", ["approx"] = "≈", ["sim"] = "∼", ["in"] = "∈", ["to"] = "→", ["mid"] = "|", ["infty"] = "∞", ["nabla"] = "∇",
        ["partial"] = "∂", ["ldots"] = "…", ["dots"] = "…", ["cdots"] = "⋯", ["log"] = "log", ["exp"] = "exp", ["min"] = "min", ["max"] = "max", ["clip"] = "clip",
        ["mathbb"] = "", ["mathrm"] = "", ["text"] = "", ["operatorname"] = "", ["mathcal"] = "", ["hat"] = "^", ["left"] = "", ["right"] = "",
        ["quad"] = "\u2003", [","] = "\u2009", [";"] = " ", ["{"] = "{", ["}"] = "}", ["%"] = "%", ["_"] = "_", ["!"] = "",
    };

    public static string Html(string tex)
    {
        var text = tex.Trim();
        // From the outside in: a numerator may hold fractions of its own.
        for (var before = ""; text != before;)
            (before, text) = (text, Fraction().Replace(text, fraction => $"{Term(fraction.Groups[1].Value)}/{Term(fraction.Groups[2].Value)}"));
        return Set(Command().Replace(text, command => Signs.GetValueOrDefault(command.Groups[1].Value, command.Value)));
    }

    private static string Set(string text)
    {
        var html = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is '_' or '^' && i + 1 < text.Length && i > 0)
            {
                var tag = text[i] == '_' ? "sub" : "sup";
                var inner = Group(text, i + 1, out var end);
                html.Append($"<{tag}>{Set(inner)}</{tag}>");
                i = end;
            }
            else if (text[i] is not ('{' or '}'))
            {
                html.Append(WebUtility.HtmlEncode(text[i].ToString()));
            }
        }
        return html.ToString();
    }

    private static string Term(string tex) => tex.Trim().Length == 1 ? tex : $"({tex})";

    // One character, or what stands in braces.
    private static string Group(string text, int start, out int end)
    {
        end = start;
        if (text[start] != '{') return text[start].ToString();
        var depth = 0;
        for (; end < text.Length; end++)
            if (text[end] == '{') depth++;
            else if (text[end] == '}' && --depth == 0) return text[(start + 1)..end];
        end = text.Length - 1;
        return text[(start + 1)..];
    }

    [GeneratedRegex(@"\\[dt]?frac\{((?:[^{}]|(?<open>\{)|(?<-open>\}))*(?(open)(?!)))\}\{((?:[^{}]|(?<more>\{)|(?<-more>\}))*(?(more)(?!)))\}")]
    private static partial Regex Fraction();

    [GeneratedRegex(@"\\([A-Za-z]+|[,;!{}%_])")]
    private static partial Regex Command();
}
