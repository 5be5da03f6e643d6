using Rlef.Dialogue;
using Rlef.Policy;

namespace Rlef.Core.Tests;

static class Tokenizers
{
    /// <summary>One token a byte, and the special tokens of a dialogue.</summary>
    public static string BytesJson()
    {
        var (vocabulary, merges) = BpeTrainer.Train([], 256, TokenizerFile.SingleDigitPattern);
        return TokenizerFile.ToJson(vocabulary, merges, PlainChat.SpecialTokens, TokenizerFile.SingleDigitPattern);
    }

    public static PolicyTokenizer Bytes() => TokenizerFile.Parse(BytesJson());
}
