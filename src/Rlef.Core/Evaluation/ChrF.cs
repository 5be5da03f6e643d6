namespace Rlef.Evaluation;

/// <summary>
/// chrF (Popović, 2015): how many groups of one to six letters two texts have in common. RLEF (section 4.2) measures by 1 − chrF how far a program is from
/// the one before it.
/// </summary>
/// <remarks>
/// F_β = (1 + β²)·P·R / (β²·P + R) with β = 2, of precision P and recall R averaged over the orders n that both texts have letters for. White space does not
/// count, as is usual.
/// </remarks>
public static class ChrF
{
    const int Orders = 6;
    const double Beta = 2;

    /// <summary>From 0, nothing in common, to 1, the same but for white space.</summary>
    public static double Of(string text, string reference)
    {
        var (said, wanted) = (Letters(text), Letters(reference));
        if (said.Length == 0 || wanted.Length == 0)
            return said.Length == wanted.Length ? 1 : 0;
        var (precision, recall, orders) = (0.0, 0.0, Math.Min(Orders, Math.Min(said.Length, wanted.Length)));
        for (var n = 1; n <= orders; n++)
        {
            Dictionary<string, int> a = Groups(said, n), b = Groups(wanted, n);
            var common = (double)a.Sum(g => Math.Min(g.Value, b.GetValueOrDefault(g.Key)));
            precision += common / (said.Length - n + 1) / orders;
            recall += common / (wanted.Length - n + 1) / orders;
        }
        return precision + recall == 0 ? 0 : (1 + Beta * Beta) * precision * recall / (Beta * Beta * precision + recall);
    }

    static string Letters(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));

    static Dictionary<string, int> Groups(string text, int n) =>
        Enumerable.Range(0, text.Length - n + 1).Select(i => text.Substring(i, n)).CountBy(g => g).ToDictionary();
}
