namespace Rlef.Storage;

/// <summary>What the numbers of a recipe may be: none is beyond <see cref="Most"/>, since the product of two must be a number of 32 bits.</summary>
static class Setting
{
    public const double Most = 1e18;

    /// <param name="name">As recipes name it.</param>
    /// <param name="value">Null where it is not set.</param>
    /// <exception cref="ArgumentException">It is no such number; the message names the setting.</exception>
    public static void AtLeast(string name, double? value, double least, double most = Most) =>
        Refuse(name, value, value >= least && value <= most, $"at least {least}" + (most < Most || value > most ? $" and at most {most}" : ""));

    /// <inheritdoc cref="AtLeast"/>
    public static void Above(string name, double? value, double bound) => Refuse(name, value, value > bound && value <= Most, $"above {bound}" + (value > Most ? $" and at most {Most}" : ""));

    static void Refuse(string name, double? value, bool holds, string range)
    {
        if (value is { } number && !(holds && double.IsFinite(number)))
            throw new ArgumentException($"The setting {name} must be {range}, not {number}.");
    }
}
