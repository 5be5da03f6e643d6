using System.Diagnostics;
using System.Runtime.CompilerServices;
using Rlef.Policy;

namespace Rlef.Server;

/// <summary>One response of a request while it is drawn.</summary>
/// <param name="index">Among the request's responses.</param>
/// <param name="tokenizer">Names the tokens.</param>
/// <param name="arrived">When the request came, as <see cref="Stopwatch"/> counts.</param>
sealed class Choice(int index, Generation generation, StreamedText text, PolicyTokenizer tokenizer, Func<int, bool> ends, PolicyMetrics metrics, long arrived)
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
        List<ToldToken> fresh = [];
        // Drawn, but their texts are not certain yet; with what their alternatives would have added.
        Queue<(DrawnToken Token, string[] Beside)> open = new();
        var offset = 0;
        await foreach (var token in generation.Tokens.ReadAllAsync(cancellation))
        {
            if (drawn.Count == 0)
                metrics.CountFirst(generation, Stopwatch.GetElapsedTime(arrived));
            metrics.CountToken();
            drawn.Add(token.Token);
            if (ends(token.Token))
                continue;
            open.Enqueue((token, [.. token.Alternatives.Select(a => text.Next(a.Token))]));
            var certain = text.Add(token.Token);
            Name();
            if (text.Stopped)
            {
                generation.Cancel();
                yield return new(certain, fresh, "stop");
                yield break;
            }
            if (certain.Length == 0)
                continue;
            yield return new(certain, fresh, null);
            fresh = [];
        }
        var rest = text.Finish();
        Name();
        yield return new(rest, fresh, generation.Truncated && !text.Stopped ? "length" : "stop");

        void Name()
        {
            foreach (var added in text.Added)
            {
                var (token, beside) = open.Dequeue();
                fresh.Add(ToldToken.Of(token, added, offset, beside, tokenizer));
                offset += added.Length;
            }
        }
    }
}
