using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Caching.Memory;
using Rlef.Dialogue;
using Rlef.Policy;

namespace Rlef.Server;

/// <summary>
/// The tokens of dialogues. One that goes on from what the policy said here keeps the tokens that it said, as in process: the same text may be written in other
/// tokens, and then what follows would differ. Of texts only digests are kept.
/// </summary>
sealed class ChatPrompts(PolicyFiles files) : IDisposable
{
    // 16 MiB of token ids.
    const int MostTokens = 4 << 20;
    static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    readonly MemoryCache said = new(new MemoryCacheOptions { SizeLimit = MostTokens });

    public ChatFormat Format { get; } = new(files);

    /// <summary>The tokens up to the policy's next answer.</summary>
    /// <exception cref="InvalidDataException">The template refuses the dialogue.</exception>
    public int[] Of(IReadOnlyList<ChatMessage> messages)
    {
        if (messages is [.., { Role: "assistant" }, { Role: "user" } last] && said.TryGetValue(Digest(messages.SkipLast(1)), out int[]? before))
            return [.. before!, .. Format.NextPrompt(last.Content, before![^1])];
        return files.Tokenizer.EncodeMarkup(files.ChatTemplate!.Render(messages.Select(m => m with { Content = files.Tokenizer.Literal(m.Content, said: m.Role == "assistant") }),
            addGenerationPrompt: true));
    }

    /// <summary>Keeps an answer's tokens for the dialogue's next turn.</summary>
    /// <param name="text">The answer as the client has it.</param>
    public void Keep(IReadOnlyList<ChatMessage> messages, string text, IEnumerable<int> prompt, IEnumerable<int> answer)
    {
        int[] tokens = [.. prompt, .. answer];
        said.Set(Digest([.. messages, new("assistant", text)]), tokens, new MemoryCacheEntryOptions { Size = tokens.Length, SlidingExpiration = Kept });
    }

    static string Digest(IEnumerable<ChatMessage> messages)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (var (role, content) in messages)
            foreach (var part in (string[])[role, content])
            {
                var bytes = Encoding.UTF8.GetBytes(part);
                BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
                hash.AppendData(length);
                hash.AppendData(bytes);
            }
        return Convert.ToBase64String(hash.GetHashAndReset());
    }

    public void Dispose() => said.Dispose();
}
