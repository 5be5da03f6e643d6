using static TorchSharp.torch;

namespace Rlef.Policy;

/// <summary>
/// The decode step of all rows at once in fixed shapes: what changes from step to step lies in tensors on the device, and a token is drawn and fed back
/// there, so steps follow each other without the host. Rows that are silent compute along; what they write lies behind their last token, where nobody reads
/// it before it is written again.
/// </summary>
sealed class StaticStep : IDisposable
{
    // Slots that are attended to grow in such strides: few shapes, little read in vain.
    const int Stride = 256;

    readonly Transformer model;
    readonly TensorCache cache;
    readonly int rows, maxLength;
    readonly Tensor state;   // [3, rows]: next token, tokens held, and 1 where a row speaks
    readonly Tensor uniforms, tokens, logProbs;   // [rows, block]
    readonly Tensor step;   // [1] column that is written next
    readonly Tensor allRows;   // [rows] 0, 1, 2, …
    readonly Tensor? cos, sin;

    /// <param name="block">Most steps between two looks of the host.</param>
    public StaticStep(Transformer model, TensorCache cache, int rows, int maxLength, int block)
    {
        (this.model, this.cache, this.rows, this.maxLength) = (model, cache, rows, maxLength);
        var device = model.Device;
        using var scope = NewDisposeScope();
        state = zeros([3, rows], ScalarType.Int64, device).DetachFromDisposeScope();
        uniforms = zeros([rows, block], ScalarType.Float64, device).DetachFromDisposeScope();
        tokens = zeros([rows, block], ScalarType.Int64, device).DetachFromDisposeScope();
        logProbs = zeros([rows, block], ScalarType.Float32, device).DetachFromDisposeScope();
        step = zeros([1], ScalarType.Int64, device).DetachFromDisposeScope();
        allRows = Arithmetic.Range(rows, device).DetachFromDisposeScope();
        (cos, sin) = model.Rotations(maxLength);
        cos?.DetachFromDisposeScope();
        sin?.DetachFromDisposeScope();
    }

    /// <summary>Begins a block.</summary>
    /// <param name="state">[3, rows] next token, tokens held, and 1 where a row speaks.</param>
    /// <param name="uniforms">[rows, block] the numbers to draw by.</param>
    public void Load(long[] state, double[] uniforms)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        this.state.copy_(tensor(state).view(3, rows));
        this.uniforms.copy_(tensor(uniforms).view(this.uniforms.shape));
        step.zero_();
    }

    /// <summary>Draws the block's next tokens; the host does not wait for them.</summary>
    /// <param name="deepest">Tokens that any speaking row will hold at the end.</param>
    public void Run(int count, int deepest, Sampling sampling)
    {
        var length = Math.Min((deepest + Stride - 1) / Stride * Stride, cache.Slots);
        using var _ = no_grad();
        for (var i = 0; i < count; i++)
            Step(length, sampling);
    }

    /// <summary>What was drawn since <see cref="Load"/>, [rows, block] each; waits for the device.</summary>
    public (long[] Tokens, float[] LogProbs) Read()
    {
        using var scope = NewDisposeScope();
        return (tokens.cpu().data<long>().ToArray(), logProbs.cpu().data<float>().ToArray());
    }

    void Step(int length, Sampling sampling)
    {
        using var scope = NewDisposeScope();
        var c = model.Config;
        Tensor ids = state.select(0, 0), held = state.select(0, 1), speaks = state.select(0, 2);
        // A row that is full, or passes its end before the host cuts it there, stays at its last place.
        var positions = held.ClampMax(maxLength - 1);
        var places = cache.Places(allRows, positions);
        var rowCos = cos?.index_select(0, positions).view(rows, 1, 1, c.HeadSize);
        var rowSin = sin?.index_select(0, positions).view(rows, 1, 1, c.HeadSize);
        var mask = Attention.MaskAt(positions.view(rows, 1), length, model.Dtype).view(rows, 1, 1, 1, length);
        var hidden = model.Hidden(ids.view(rows, 1), positions.view(rows, 1), (layer, q, k, v) =>
        {
            (q, k) = Rotary.Apply(q, k, rowCos, rowSin);
            cache.Store(layer, places, k, v);
            var (keys, values) = cache.Load(layer, length);
            return Attention.Mix(q, keys, values, mask, c);
        });
        var logits = model.Logits(hidden.view(rows, c.HiddenSize)).to(ScalarType.Float32);
        var (drawn, chances) = DeviceSampler.Draw(logits, sampling, uniforms.index_select(1, step));
        tokens.index_copy_(1, step, drawn);
        logProbs.index_copy_(1, step, chances);
        ids.copy_(drawn.view(rows));
        held.Add_(speaks);
        step.Add_(1);
    }

    public void Dispose()
    {
        foreach (var tensor in (Tensor?[])[state, uniforms, tokens, logProbs, step, allRows, cos, sin])
            tensor?.Dispose();
    }
}
