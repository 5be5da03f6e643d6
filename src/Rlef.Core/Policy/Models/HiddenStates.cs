using static TorchSharp.torch;

namespace Rlef.Policy;

/// <summary>Keeps the hidden states of one layer while a transformer runs.</summary>
/// <param name="layer">Blocks after which they are taken; null for after the final norm.</param>
public sealed class HiddenStates(int? layer)
{
    Tensor? kept;

    /// <summary>[B, T, D]</summary>
    /// <exception cref="InvalidOperationException">No transformer has run.</exception>
    public Tensor Kept => kept ?? throw new InvalidOperationException("No transformer has run with these hidden states.");

    internal void See(int? after, Tensor states)
    {
        if (after == layer)
            kept = states;
    }
}
