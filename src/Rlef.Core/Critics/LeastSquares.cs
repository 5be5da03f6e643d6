using Rlef.Policy;
using static TorchSharp.torch;

namespace Rlef.Critics;

/// <summary>
/// Ridge regression of returns on features: minimises Σ g^age (y − b − w·x̂)² + r|w|² over all sites seen, x̂ being the features at mean 0 and variance 1. What was
/// seen is kept as S = Σ g^age z zᵀ with z = (1, x, y), from which means, variances and the solution follow; there is no rate to choose, and nothing is forgotten
/// between updates but by g.
/// </summary>
/// <remarks>A fitted linear baseline as in Duan et al. 2016 (arXiv 1604.06778, section 3), on a language model's hidden states and with a memory.</remarks>
public sealed class LeastSquares : IDisposable
{
    /// <summary>g: what a site of the update before counts. Half of the weight lies on the last fourteen updates.</summary>
    public const double Memory = 0.95;

    /// <summary>r, in sites: so many must be seen before they outweigh the belief that features say nothing.</summary>
    public const double Ridge = 100;

    readonly int features;
    readonly Tensor slopes;
    double intercept;

    /// <param name="features">F, the length of x.</param>
    public LeastSquares(int features, Device device)
    {
        this.features = features;
        Sums = NewSums(features, device);
        slopes = zeros(features, ScalarType.Float32, device);
    }

    /// <summary>[F + 2, F + 2] S, of 64 bits.</summary>
    public Tensor Sums { get; }

    /// <summary>Sums to add to.</summary>
    public static Tensor NewSums(int features, Device device) => zeros(features + 2, features + 2, ScalarType.Float64, device);

    /// <summary>Adds sites to <paramref name="sums"/>.</summary>
    /// <param name="x">[M, F]</param>
    /// <param name="y">[M]</param>
    public static void Add(Tensor sums, Tensor x, Tensor y)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var z = cat([ones(x.shape[0], 1, ScalarType.Float64, x.device), x.to(ScalarType.Float64), y.to(ScalarType.Float64).unsqueeze(1)], 1);
        sums.Add_(z.T.mm(z));
    }

    /// <summary>Ages what was seen by an update, adds sums of new sites, and solves.</summary>
    public void Learn(IEnumerable<Tensor> sums)
    {
        using var _ = no_grad();
        Sums.Mul_(Memory);
        foreach (var fresh in sums)
            Sums.Add_(fresh);
        Solve();
    }

    /// <summary>Takes the solution from <see cref="Sums"/>, which were read from a checkpoint.</summary>
    public void Solve()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var sites = Sums[0, 0].item<double>();
        if (sites == 0)
            return;
        var means = Sums[0].narrow(0, 1, features + 1).Div(sites);
        var covariance = Sums.narrow(0, 1, features + 1).narrow(1, 1, features + 1).Div(sites) - means.outer(means);
        var inner = covariance.narrow(0, 0, features).narrow(1, 0, features);
        // A feature that never varies has nothing to say, and is not divided by.
        var scale = inner.diagonal().ClampMin(1e-12).sqrt();
        var system = (inner / scale.outer(scale)).Add(eye(features, dtype: ScalarType.Float64, device: Sums.device).Mul(Ridge / sites));
        var w = linalg.solve(system, (covariance[features].narrow(0, 0, features) / scale).unsqueeze(1)).squeeze(1) / scale;
        slopes.copy_(w);
        intercept = (means[features] - w.dot(means.narrow(0, 0, features))).item<double>();
    }

    /// <summary>[M, F] → [M]; 0 before anything was learned.</summary>
    public Tensor Predict(Tensor x) => x.mv(slopes).Add(intercept);

    public void Dispose()
    {
        Sums.Dispose();
        slopes.Dispose();
    }
}
