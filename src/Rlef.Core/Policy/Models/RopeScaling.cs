using System.Text.Json.Serialization;

namespace Rlef.Policy;

/// <summary>
/// How rotary frequencies are stretched for longer sequences than were trained on: <c>linear</c>, by wavelength as in Llama 3.1 (<c>llama3</c>), or
/// <c>yarn</c> (Peng et al. 2023).
/// </summary>
public sealed record RopeScaling
{
    public required string RopeType { get; init; }

    /// <summary>How much slower scaled frequencies turn.</summary>
    public required double Factor { get; init; }

    /// <summary>Llama 3.1: wavelengths longer than the original length divided by this are scaled by the whole factor.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public double? LowFreqFactor { get; init; }

    /// <summary>Llama 3.1: wavelengths shorter than the original length divided by this stay.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public double? HighFreqFactor { get; init; }

    /// <summary>Llama 3.1 and YaRN: the length that was trained on first.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public int? OriginalMaxPositionEmbeddings { get; init; }

    /// <summary>YaRN: multiplies queries and keys after their rotation.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public double? AttentionFactor { get; init; }

    /// <summary>YaRN: pairs that turn more often than this over the original length stay; 32 if not given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public double? BetaFast { get; init; }

    /// <summary>YaRN: pairs that turn less often than this are scaled by the whole factor; 1 if not given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public double? BetaSlow { get; init; }

    /// <summary>YaRN: whether the ramp between the two begins and ends at whole pairs; it does if not given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public bool? Truncate { get; init; }
}
