using System.Diagnostics;
using System.Runtime.CompilerServices;
using Rlef.Policy;

namespace Rlef.Server;

/// <summary>One response of a request while it is drawn.</summary>
/// <param name="index">Among the request's responses.</param>
/// <param name="arrived">When the request came, as <see cref="Stopwatch"/> counts.</param>
sealed class Choice(int index, Generation generation, StreamedText text, Func<int, bool> ends, PolicyMetrics metrics, long arrived)
{
    readonly List<int> drawn = [];

    public int Index => index;
    public Generation Generation => generation;

    /// <summary>Whether a stop text ended the response.</summary>
    public bool Stopped => text.Stopped;

    /// <summary>Drawn so far, the token that ends the response included.</summary>
    public IReadOnlyList<int> Drawn => drawn;

    /// <summary>The pieces, the last of which says how the response ended.</summary>
    public async IAsyncEnumerable<Piece> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        List<DrawnToken> fresh = [];
        await foreach (var token in generation.Tokens.ReadAllAsync(cancellation))
        {
            if (drawn.Count == 0)
                metrics.CountFirst(generation, Stopwatch.GetElapsedTime(arrived));
            metrics.CountToken();
            drawn.Add(token.Token);
            if (ends(token.Token))
                continue;
            fresh.Add(token);
            var offset = text.Length;
            var certain = text.Add(token.Token);
            if (text.Stopped)
            {
                generation.Cancel();
                yield return new(certain, fresh, offset, "stop");
                yield break;
            }
            if (certain.Length == 0)
                continue;
            yield return new(certain, fresh, offset, null);
            fresh = [];
        }
        var (before, rest) = (text.Length, text.Finish());
        yield return new(rest, fresh, before, generation.Truncated && !text.Stopped ? "length" : "stop");
    }
}
