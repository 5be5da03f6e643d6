namespace Rlef.Problems;

/// <summary>Gives every composition to one <see cref="Split"/>, the same on every machine and under every seed.</summary>
public static class Splits
{
    /// <summary>Eight tenths of the compositions are for training, one for validation, one for testing.</summary>
    public static Split Of(string composition)
    {
        var hash = Hash(composition);
        return ((hash ^ hash >> 32) % 10) switch { 0 => Split.Test, 1 => Split.Validation, _ => Split.Train };
    }

    /// <summary>FNV-1a of 64 bits, over UTF-16 units.</summary>
    internal static ulong Hash(string text) => text.Aggregate(14695981039346656037UL, (hash, c) => (hash ^ c) * 1099511628211UL);
}
