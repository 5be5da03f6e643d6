namespace Rlef.Objectives;

/// <summary>How the losses of tokens become one number.</summary>
public enum Aggregation
{
    /// <summary>Mean over the tokens of the minibatch (RLEF; DAPO).</summary>
    TokenMean,
    /// <summary>Mean over sequences of the mean over their tokens (GRPO).</summary>
    SequenceMean,
    /// <summary>Mean over sequences of the sum over their tokens.</summary>
    SequenceSum,
    /// <summary>The same divided by the most tokens that the policy may say in a dialogue, <c>turn_limit</c> · <c>max_response_tokens</c> (Dr. GRPO).</summary>
    SequenceSumOverLength,
    /// <summary>Sum over the tokens of the minibatch (RLTF; CodeRL).</summary>
    Sum,
}
