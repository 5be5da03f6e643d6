namespace Rlef.Notebooks.Publishing;

/// <summary>What was written.</summary>
/// <param name="Index">The page to open.</param>
/// <param name="Reports">One page a notebook, in order.</param>
/// <param name="Notice">What the user should know though nothing failed, for instance that figures have no static image.</param>
public sealed record PublishedSite(string Index, IReadOnlyList<string> Reports, string? Notice);
