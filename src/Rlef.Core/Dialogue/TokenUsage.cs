namespace Rlef.Dialogue;

/// <summary>Tokens that answers took.</summary>
/// <param name="Input">Read: of a served model those of the whole dialogue again in each turn, as servers count; of an own policy those that it had not read before.</param>
/// <param name="Output">Written, reasoning included.</param>
public readonly record struct TokenUsage(long Input, long Output)
{
    public static TokenUsage operator +(TokenUsage a, TokenUsage b) => new(a.Input + b.Input, a.Output + b.Output);
}
