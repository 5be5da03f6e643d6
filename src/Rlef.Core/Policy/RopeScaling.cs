using System.Text.Json.Serialization;

namespace Rlef.Policy;

/// <summary>How rotary frequencies are stretched for longer sequences than were trained on: <c>linear</c>, or by wavelength as in Llama 3.1.</summary>
public sealed record RopeScaling
{
    public required string RopeType { get; init; }

    /// <summary>How much slower scaled frequencies turn.</summary>
    public required double Factor { get; init; }

    /// <summary>Llama 3.1: wavelengths longer than the original length divided by this are scaled by the whole factor.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public double? LowFreqFactor { get; init; }

    /// <summary>Llama 3.1: wavelengths shorter than the original length divided by this stay.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public double? HighFreqFactor { get; init; }

    /// <summary>Llama 3.1: the length that was trained on first.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public int? OriginalMaxPositionEmbeddings { get; init; }
}
