namespace Rlef.Notebooks.Publishing;

/// <summary>What was written.</summary>
/// <param name="Index">The page to open.</param>
/// <param name="Reports">One page a notebook, in order.</param>
/// <param name="Warnings">What the user should know though nothing failed, for instance which picture is missing; a line each.</param>
public sealed record PublishedSite(string Index, IReadOnlyList<string> Reports, IReadOnlyList<string> Warnings);
