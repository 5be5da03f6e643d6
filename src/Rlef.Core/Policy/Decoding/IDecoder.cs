namespace Rlef.Policy;

/// <summary>
/// Incremental decoding of many dialogues at once. Each row holds one dialogue and remembers the keys and values of its tokens, so
/// a later turn never encodes the earlier ones again. Not safe for concurrent use.
/// </summary>
public interface IDecoder : IDisposable
{
    /// <summary>Whose tokens are decoded; null for what speaks without a model.</summary>
    Transformer? Model => null;

    /// <summary>Number of rows.</summary>
    int Capacity { get; }

    /// <summary>Logits a row; at least the tokenizer's ids, since checkpoints often pad their vocabulary.</summary>
    int VocabularySize { get; }

    /// <summary>Most tokens that a row can hold.</summary>
    int MaxLength { get; }

    /// <summary>Tokens that the row holds.</summary>
    int Length(int row);

    /// <summary>Empties a row for a new dialogue.</summary>
    void Reset(int row);

    /// <summary>Makes a row hold the first tokens of another, or of itself, and nothing else; none of them is encoded again.</summary>
    /// <param name="length">How many, at most as many as <paramref name="from"/> holds.</param>
    void CopyPrefix(int from, int length, int row);

    /// <summary>Takes over the model's weights after they changed. Rows must be empty or be reset before their next use.</summary>
    void Refresh();

    /// <summary>
    /// Appends tokens to rows and writes, for each, the logits of the token that would follow. Serves prompts (many tokens)
    /// and generation (one token a row) alike.
    /// </summary>
    /// <param name="rows">Distinct row numbers.</param>
    /// <param name="tokens">For each of <paramref name="rows"/>, one or more token ids.</param>
    /// <param name="logits">Receives [rows, vocabulary] values; empty where none are wanted.</param>
    /// <exception cref="InvalidOperationException">A row would grow beyond <see cref="MaxLength"/>.</exception>
    void Append(ReadOnlySpan<int> rows, ReadOnlySpan<ReadOnlyMemory<int>> tokens, Span<float> logits);

    /// <summary>Most tokens that <see cref="Sample"/> draws for each response at a call: one, unless a device draws several before the host looks at them.</summary>
    int Block => 1;

    /// <summary>Appends what is pending of responses, each on a row of its own, and draws the next tokens of each.</summary>
    /// <param name="responses">None has ended; each is drawn by its own sampling. A row must have room for all that its response may say.</param>
    /// <exception cref="InvalidOperationException">A row would grow beyond <see cref="MaxLength"/>.</exception>
    /// <exception cref="NotFiniteNumberException">The model computes NaN or infinity.</exception>
    void Sample(ReadOnlySpan<OpenResponse> responses) => Sampler.Sample(this, responses);
}
