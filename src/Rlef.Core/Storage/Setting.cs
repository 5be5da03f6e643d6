namespace Rlef.Storage;

/// <summary>What the numbers of a recipe may be.</summary>
static class Setting
{
    /// <param name="name">As recipes name it.</param>
    /// <param name="value">Null where it is not set.</param>
    /// <exception cref="ArgumentException">It is no such number; the message names the setting.</exception>
    public static void AtLeast(string name, double? value, double least, double most = double.PositiveInfinity) =>
        Refuse(name, value, value >= least && value <= most, $"at least {least}" + (most < double.PositiveInfinity ? $" and at most {most}" : ""));

    /// <inheritdoc cref="AtLeast"/>
    public static void Above(string name, double? value, double bound) => Refuse(name, value, value > bound, $"above {bound}");

    static void Refuse(string name, double? value, bool holds, string range)
    {
        if (value is { } number && !(holds && double.IsFinite(number)))
            throw new ArgumentException($"The setting {name} must be {range}, not {number}.");
    }
}
