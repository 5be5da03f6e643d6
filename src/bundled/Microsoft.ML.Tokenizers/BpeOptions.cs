namespace Microsoft.ML.Tokenizers;

/// <summary>What a byte-pair encoder is made from.</summary>
public sealed class BpeOptions(IEnumerable<KeyValuePair<string, int>> vocabulary)
{
    public IEnumerable<KeyValuePair<string, int>> Vocabulary { get; } = vocabulary;

    /// <summary>Pairs in order of priority, the two sides separated by a space.</summary>
    public IEnumerable<string>? Merges { get; set; }

    /// <summary>Pieces that are one token whatever the merges say.</summary>
    public IReadOnlyDictionary<string, int>? SpecialTokens { get; set; }
    public Normalizer? Normalizer { get; set; }
    public PreTokenizer? PreTokenizer { get; set; }

    /// <summary>Whether tokens are sequences of bytes, each written as one visible character.</summary>
    public bool ByteLevel { get; set; }
}
