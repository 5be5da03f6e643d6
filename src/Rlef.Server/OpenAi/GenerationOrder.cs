using Rlef.Policy;

namespace Rlef.Server;

/// <summary>What a request asks for.</summary>
/// <param name="Prompts">One for chats.</param>
/// <param name="Messages">Of a chat; null for a text's continuation.</param>
sealed record GenerationOrder(IReadOnlyList<int[]> Prompts, IReadOnlyList<ChatMessage>? Messages, Sampling Sampling)
{
    /// <summary>Responses to each prompt.</summary>
    public int Choices { get; init; } = 1;

    /// <summary>Keys the random draws; one of the server's choice where the client names none.</summary>
    public ulong Seed { get; init; }

    public IReadOnlyList<string> Stop { get; init; } = [];

    /// <summary>Most likely tokens to tell beside each; null for no log-probabilities.</summary>
    public int? Alternatives { get; init; }

    /// <summary>Whether token ids are told too.</summary>
    public bool TokenIds { get; init; }

    public bool Stream { get; init; }

    /// <summary>Whether the last piece of a stream counts the tokens.</summary>
    public bool StreamUsage { get; init; }
}
