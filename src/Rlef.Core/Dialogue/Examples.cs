using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Rlef.Dialogue;

/// <summary>
/// Whole dialogues about other problems, which stand before the one that is played: few-shot prompting (RLEF, arXiv 2410.02089, table 3). Nothing is learned about them.
/// </summary>
public sealed record Examples(ImmutableArray<Examples.Exchange> Exchanges)
{
    /// <summary>A message to the policy, and the answer.</summary>
    public sealed record Exchange(string Message, string Response);

    public static Examples None { get; } = new([]);

    /// <summary>The tokens up to the first answer, those of the examples included.</summary>
    public int[] FirstPrompt(ChatFormat format, string message)
    {
        List<int> ids = [];
        foreach (var exchange in Exchanges)
        {
            Ask(exchange.Message);
            ids.AddRange(format.Response(exchange.Response));
        }
        Ask(message);
        return [.. ids];

        void Ask(string next) => ids.AddRange(ids.Count == 0 ? format.FirstPrompt(next) : format.NextPrompt(next, ids[^1]));
    }

    /// <summary>Tells these from others; null for none.</summary>
    public string? Identity => Exchanges.IsEmpty ? null : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0',
        Exchanges.SelectMany(e => new[] { e.Message, e.Response })))));
}
