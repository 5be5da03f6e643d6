namespace Rlef.Policy;

/// <summary>
/// Reads the prompts of new dialogues, each of them once however many begin with it at the same time or while one that did still has its row: samples of a
/// problem cost one prompt. Not safe for concurrent use.
/// </summary>
public sealed class SharedPrompts(IDecoder decoder)
{
    // What each row was shown first. It holds that for as long as it is not reset, after which it is empty and shown something here again.
    readonly ReadOnlyMemory<int>[] begun = new ReadOnlyMemory<int>[decoder.Capacity];

    /// <summary>To be called before each <see cref="IDecoder.Sample"/>, which reads what is left: the last token, or all of a prompt that is nobody else's.</summary>
    public void Read(IReadOnlyList<OpenResponse> responses)
    {
        OpenResponse[] fresh = [.. responses.Where(r => decoder.Length(r.Row) == 0)];
        List<OpenResponse> readers = [], followers = [];
        foreach (var response in fresh)
        {
            var known = HolderOf(response.Pending.Span) >= 0;
            begun[response.Row] = response.Pending;
            if (response.Pending.Length > 1 && (known || fresh.Any(other => other != response && other.Pending.Span.SequenceEqual(response.Pending.Span))))
                (known || readers.Exists(r => r.Pending.Span.SequenceEqual(response.Pending.Span)) ? followers : readers).Add(response);
        }
        if (readers.Count > 0)
            decoder.Append([.. readers.Select(r => r.Row)], [.. readers.Select(r => r.Pending[..^1])], []);
        foreach (var response in followers)
            decoder.CopyPrefix(HolderOf(response.Pending.Span), response.Pending.Length - 1, response.Row);
        foreach (var response in readers.Concat(followers))
            response.Skip(response.Pending.Length - 1);
    }

    // A row that holds all of a prompt but its last token; -1 for none.
    int HolderOf(ReadOnlySpan<int> prompt)
    {
        for (var row = 0; row < begun.Length; row++)
            if (decoder.Length(row) >= prompt.Length - 1 && decoder.Length(row) > 0 && begun[row].Span.SequenceEqual(prompt))
                return row;
        return -1;
    }
}
