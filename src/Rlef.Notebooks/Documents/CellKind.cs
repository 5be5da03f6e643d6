namespace Rlef.Notebooks.Documents;

/// <summary>What a notebook cell holds.</summary>
public enum CellKind
{
    Code,
    Markdown,
    /// <summary>Text for a converter, neither run nor rendered.</summary>
    Raw,
}
