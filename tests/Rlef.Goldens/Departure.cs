namespace Rlef.Goldens;

/// <summary>A kind of rows on which we part from the other on purpose; docs/formats.md gives the reason.</summary>
/// <param name="Kind">As in docs/formats.md.</param>
/// <param name="Holds">Whether a row that differs is of this kind, told by its content.</param>
sealed record Departure(string Kind, Func<GoldenCase, bool> Holds);
