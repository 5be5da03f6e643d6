using static TorchSharp.torch;

namespace Rlef.Policy;

/// <summary>Log-probabilities of chosen tokens at N positions, worked off in pieces: all logits at once would fill the memory of a large vocabulary.</summary>
public static class ChosenTokens
{
    // Logits of a piece, 64 MiB in 32-bit floats.
    const long PieceElements = 1 << 24;

    /// <param name="hidden">[B, T, D]</param>
    /// <param name="positions">[N] places in the flattened [B·T] from which the tokens are predicted.</param>
    /// <param name="targets">[N] the tokens.</param>
    /// <param name="temperature">Divides the logits: the log-probabilities of what was sampled at it.</param>
    /// <param name="checkpoints">Runs the pieces.</param>
    /// <returns>[N] in 32-bit floats.</returns>
    public static Tensor LogProbs(Transformer model, Tensor hidden, Tensor positions, Tensor targets, double temperature, ActivationCheckpoints checkpoints) =>
        InPieces(model, hidden, positions, targets, temperature, checkpoints, (distribution, what) => distribution.Of(what));

    /// <summary>The same, and the entropy of the distribution from which each was chosen, in nats.</summary>
    /// <inheritdoc cref="LogProbs"/>
    public static (Tensor LogProbs, Tensor Entropies) LogProbsAndEntropies(Transformer model, Tensor hidden, Tensor positions, Tensor targets, double temperature,
        ActivationCheckpoints checkpoints)
    {
        var both = InPieces(model, hidden, positions, targets, temperature, checkpoints, (distribution, what) => stack([distribution.Of(what), distribution.Entropy()], -1));
        return (both.select(-1, 0), both.select(-1, 1));
    }

    internal static Tensor InPieces(Transformer model, Tensor hidden, Tensor positions, Tensor targets, double temperature, ActivationCheckpoints checkpoints,
        Func<TokenDistribution, Tensor, Tensor> measure)
    {
        var (count, piece) = (positions.numel(), Math.Max(1, PieceElements / model.Config.VocabSize));
        List<Tensor> pieces = [];
        for (var at = 0L; at < count; at += piece)
        {
            var length = Math.Min(piece, count - at);
            Tensor where = positions.narrow(0, at, length), what = targets.narrow(0, at, length);
            pieces.Add(checkpoints.Run(hidden, h =>
            {
                var logits = model.Logits(h.reshape(-1, model.Config.HiddenSize).index_select(0, where));
                return measure(new TokenDistribution(logits.to(ScalarType.Float32), temperature), what);
            }));
        }
        return pieces.Count == 1 ? pieces[0] : cat(pieces);
    }
}
