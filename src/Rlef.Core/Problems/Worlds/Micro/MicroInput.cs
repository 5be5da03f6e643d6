namespace Rlef.Problems.Micro;

/// <summary>A candidate for a test.</summary>
/// <param name="Kind">A typical one may be public; borders and large ones are private.</param>
public sealed record MicroInput(string Text, MicroInput.Sort Kind)
{
    public enum Sort { Typical, Border, Large }
}
