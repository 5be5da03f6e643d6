
namespace Rlef.Critics;

/// <summary>How values are learned, where the advantage wants any. RLEF's own: a separate network, read after the last layer.</summary>
public sealed record CriticOptions
{
    public ValueTrunk Trunk { get; init; } = ValueTrunk.Separate;

    /// <summary>
    /// Blocks after which the hidden state is read; null for the state after the final norm. That one must tell the next token, which before a response is
    /// always the same; an earlier one still tells what the dialogue is about.
    /// </summary>
    public int? Layer { get; init; }

    /// <summary>Whether the mean of the states so far is read beside the last one.</summary>
    public bool Mean { get; init; }

    /// <summary>Of a network; the paper's is that of its policy. Another rate of the policy does not change it.</summary>
    public double LearningRate { get; init; } = 2e-7;

    /// <summary>α of a network's clipped loss.</summary>
    public double Clip { get; init; } = 0.2;
}
