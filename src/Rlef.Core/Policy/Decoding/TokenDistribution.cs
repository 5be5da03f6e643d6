using static TorchSharp.torch;

namespace Rlef.Policy;

/// <summary>Distributions over the next token at N positions, from logits [N, V].</summary>
/// <param name="temperature">Divides the logits.</param>
public sealed class TokenDistribution(Tensor logits, double temperature = 1)
{
    readonly Tensor logProbs = nn.functional.log_softmax(temperature == 1 ? logits : logits.Div(temperature), -1);

    /// <summary>[N, V]</summary>
    public Tensor LogProbs => logProbs;

    /// <summary>[N] log-probability of each target id [N].</summary>
    public Tensor Of(Tensor targets) => logProbs.gather(-1, targets.unsqueeze(-1)).squeeze(-1);

    /// <summary>[N] entropy in nats.</summary>
    public Tensor Entropy() => -(logProbs.exp() * logProbs).sum(-1);
}
