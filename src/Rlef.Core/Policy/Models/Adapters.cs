using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Rlef.Policy;

/// <summary>The low-rank products of a model: none, until some are added.</summary>
sealed class Adapters
{
    readonly Dictionary<string, (Parameter A, Parameter B, double Scale)> byWeight = [];

    public int Count => byWeight.Count;

    public void Add(string weight, Parameter a, Parameter b, double scale) => byWeight.Add(weight, (a, b, scale));

    /// <summary>y plus what the weight's adapter makes of x; A is [rank, inputs], B is [outputs, rank].</summary>
    public Tensor Apply(string weight, Tensor x, Tensor y) => byWeight.TryGetValue(weight, out var adapter)
        ? y.Add(nn.functional.linear(nn.functional.linear(x, adapter.A), adapter.B).Mul(adapter.Scale))
        : y;

    /// <summary>α/r · B A, [outputs, inputs], or null for a weight without adapter.</summary>
    public Tensor? Product(string weight) => byWeight.TryGetValue(weight, out var adapter) ? adapter.B.mm(adapter.A).Mul(adapter.Scale) : null;
}
