using Rlef.Policy;
using Rlef.Randomness;
using static TorchSharp.torch;

namespace Rlef.Core.Tests.Policy;

public sealed class DeviceSamplerTests
{
    const int Rows = 200, V = 300;

    public static TheoryData<double, double, int, double> Rules => new()
    {
        { 0, 1, 0, 0 }, { 1, 1, 0, 0 }, { 0.7, 1, 0, 0 }, { 1, 0.95, 0, 0 }, { 0.2, 0.95, 0, 0 }, { 1, 0.01, 0, 0 }, { 1, 1, 7, 0 }, { 1, 1, 1, 0 }, { 1, 1, 1000, 0 },
        { 1, 1, 0, 0.1 }, { 1.5, 1, 0, 1 }, { 1, 0.8, 20, 0 }, { 1, 0.8, 0, 0.05 }, { 0.9, 0.7, 12, 0.02 }, { 1e-39, 1, 0, 0 }, { 1e-39, 0.9, 0, 0 },
    };

    // Both in 32 bits, but with other kernels: a number that falls between two tokens to the last bits tells them apart. On any processor that happens to one
    // row in ten thousands.
    [Theory, MemberData(nameof(Rules))]
    public void The_same_numbers_draw_the_same_tokens_as_on_the_host(double temperature, double topP, int topK, double minP)
    {
        var sampling = new Sampling(temperature, topP) { TopK = topK, MinP = minP };
        var values = new Random(7);
        var logits = Enumerable.Range(0, Rows * V).Select(_ => (float)(6 * values.NextDouble() - 3 + 3 * Math.Pow(values.NextDouble(), 8))).ToArray();
        using var scope = NewDisposeScope();
        var uniforms = Enumerable.Range(0, Rows).Select(row => RandomStream.For(3, row).NextDouble()).ToArray();
        var (tokens, logProbs) = DeviceSampler.Draw(tensor(logits, [Rows, V]).Here(), sampling, tensor(uniforms).view(Rows, 1).Here());
        var (drawn, chances) = (tokens.cpu().data<long>().ToArray(), logProbs.Floats());
        var apart = 0;
        for (var row = 0; row < Rows; row++)
        {
            var random = RandomStream.For(3, row);
            var (token, logProb) = Sampler.Sample(logits.AsSpan(row * V, V), sampling, ref random);
            if (token != drawn[row])
                apart++;
            else
                Assert.Equal(logProb, chances[row], 1e-4);
        }
        Assert.InRange(apart, 0, 1);
        Assert.True(drawn.Distinct().Count() > (temperature > 0 && topK != 1 && minP < 1 && topP > 0.5 ? 50 : 5), "the rows should differ");
    }

    [Fact]
    public void Numbers_at_both_ends_draw_the_first_and_the_last_token()
    {
        using var scope = NewDisposeScope();
        // The largest number below one lies above a sum that was rounded down.
        var ends = tensor([0.0, Math.BitDecrement(1.0)]).view(2, 1).Here();
        foreach (var sampling in (Sampling[])[Sampling.Rollout, new(1, 0.999)])
        {
            var (tokens, _) = DeviceSampler.Draw(zeros([2, 10]).Here(), sampling, ends);
            Assert.Equal(0, tokens.Floats()[0]);
            Assert.InRange(tokens.Floats()[1], sampling.TopP < 1 ? 9 : 0, 9);
        }
    }
}
