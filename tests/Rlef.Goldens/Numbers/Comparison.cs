using System.Globalization;

namespace Rlef.Goldens.Numbers;

/// <summary>Sets our numbers beside a row's: |ours − theirs| ≤ absolute + relative · |theirs|.</summary>
sealed class Comparison
{
    double absolute = 1e-9, relative = 1e-6;
    int compared;

    /// <summary>Why ours are others on purpose.</summary>
    public string? Kind { get; private set; }

    /// <summary>The first that differs.</summary>
    public string? Difference => difference ?? (compared == 0 ? "nothing was compared" : null);

    string? difference;

    /// <summary>The other computes with 32 bits.</summary>
    public void InSinglePrecision() => (absolute, relative) = (1e-5, 1e-4);

    public void Same(string what, double theirs, double ours) => Same(what, [theirs], [ours]);

    public void Same(string what, IReadOnlyList<double> theirs, IReadOnlyList<double> ours)
    {
        compared += theirs.Count;
        difference ??= DifferenceOf(what, theirs, ours);
    }

    public void Same(string what, double[][] theirs, double[][] ours) => Same(what, [.. theirs.SelectMany(r => r)], [.. ours.SelectMany(r => r)]);

    /// <summary>Where theirs is a fault or another choice: ours are theirs, or else the sane ones.</summary>
    /// <param name="kind">As listed.</param>
    public void Instead(string kind, string what, IReadOnlyList<double> theirs, IReadOnlyList<double> sane, IReadOnlyList<double> ours)
    {
        compared += sane.Count;
        if (DifferenceOf(what, theirs, ours) is null)
            return;
        Kind ??= kind;
        difference ??= DifferenceOf(what, sane, ours);
    }

    public void Instead(string kind, string what, double theirs, double sane, double ours) => Instead(kind, what, [theirs], [sane], [ours]);

    string? DifferenceOf(string what, IReadOnlyList<double> theirs, IReadOnlyList<double> ours)
    {
        if (theirs.Count != ours.Count)
            return $"{what}: {theirs.Count} numbers there, {ours.Count} here";
        for (var i = 0; i < theirs.Count; i++)
            if (!(theirs[i].Equals(ours[i]) || Math.Abs(theirs[i] - ours[i]) <= absolute + relative * Math.Abs(theirs[i])))
                return string.Create(CultureInfo.InvariantCulture, $"{what}[{i}]: {theirs[i]:g9} there, {ours[i]:g9} here");
        return null;
    }
}
