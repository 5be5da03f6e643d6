using Rlef.Policy;

namespace Rlef.Server;

/// <summary>A token as clients are told of it.</summary>
/// <param name="Name">What it adds to the response, so that the names of all tokens are the text; a special token adds nothing, and has its own.</param>
/// <param name="Offset">Characters of the response before it.</param>
/// <param name="Alternatives">The most likely ones in its place, by what each would add.</param>
sealed record ToldToken(string Name, float LogProb, int Offset, IReadOnlyList<(string Name, float LogProb)> Alternatives)
{
    // JSON has no infinity; OpenAI's clients know this number in its place.
    const float Impossible = -9999;

    /// <param name="added">What the token adds to the response.</param>
    /// <param name="beside">What each of its alternatives would add.</param>
    public static ToldToken Of(DrawnToken token, string added, int offset, IReadOnlyList<string> beside, PolicyTokenizer tokenizer)
    {
        return new(Named(token.Token, added), Finite(token.LogProb), offset,
            [.. token.Alternatives.Zip(beside, (other, text) => (Named(other.Token, other.Token == token.Token ? added : text), Finite(other.LogProb)))]);

        string Named(int id, string text) => text.Length > 0 ? text : tokenizer.SpecialName(id) ?? "";
        static float Finite(float logProb) => float.IsFinite(logProb) ? logProb : Impossible;
    }
}
