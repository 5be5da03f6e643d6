namespace Rlef.Server;

/// <summary>Part of a response.</summary>
/// <param name="Tokens">Drawn since the piece before, but for one that ends the response.</param>
/// <param name="Finish"><c>stop</c> or <c>length</c> with the last piece.</param>
sealed record Piece(string Text, IReadOnlyList<ToldToken> Tokens, string? Finish);
