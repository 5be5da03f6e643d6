namespace Rlef.Policy;

/// <summary>How large a decoder is made for callers that are not known beforehand.</summary>
/// <param name="Rows">Dialogues at once.</param>
/// <param name="MaxLength">Tokens of each.</param>
public sealed record DecoderPlan(int Rows, int MaxLength)
{
    const int StandardRows = 64, StandardLength = 8192;

    /// <param name="rows">Null for 64, or as many as fit half of the machine's memory together with their longest dialogues.</param>
    /// <param name="maxLength">Null for the model's positions, up to 8,192.</param>
    /// <exception cref="ArgumentException">The model has fewer positions.</exception>
    public static DecoderPlan For(Transformer model, int? rows = null, int? maxLength = null)
    {
        var config = model.Config;
        if (maxLength > config.MaxPositionEmbeddings)
            throw new ArgumentException($"Dialogues of {maxLength} tokens exceed the model's {config.MaxPositionEmbeddings} positions.");
        var length = maxLength ?? Math.Min(config.MaxPositionEmbeddings, StandardLength);
        return new(rows ?? Fitting(config, length, StandardRows), length);
    }

    /// <summary>Dialogues that fit half of the machine's memory, were each as long as it may be; at least one, and no more than are wanted.</summary>
    public static int Fitting(ModelConfig config, int maxLength, long wanted)
    {
        // Keys and values, in 32 bits at most.
        var rowBytes = 2L * config.NumHiddenLayers * config.NumKeyValueHeads * config.HeadSize * maxLength * sizeof(float);
        return (int)Math.Min(Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2 / rowBytes, 1, int.MaxValue), wanted);
    }
}
