using Rlef.Policy;
using Rlef.Randomness;

namespace Rlef.Core.Tests.Policy;

public sealed class SamplerTests
{
    // Probabilities 0.5, 0.2, 0.15, 0.1, 0.05 at temperature 1, not in order.
    static readonly double[] Probabilities = [0.15, 0.5, 0.05, 0.2, 0.1];

    static int[] Drawn(Sampling sampling)
    {
        var seen = new SortedSet<int>();
        for (var i = 0; i < 2000; i++)
        {
            var logits = Probabilities.Select(p => (float)Math.Log(p) + 3).ToArray();
            var random = RandomStream.For(1, i);
            var (token, logProb) = Sampler.Sample(logits, sampling, ref random);
            if (sampling.Temperature == 1)
                Assert.Equal(Math.Log(Probabilities[token]), logProb, 1e-5);
            seen.Add(token);
        }
        return [.. seen];
    }

    [Fact]
    public void Every_rule_keeps_the_tokens_that_it_should()
    {
        Assert.Equal([0, 1, 2, 3, 4], Drawn(new()));
        Assert.Equal([1], Drawn(new(0)));
        Assert.Equal([1], Drawn(new(double.Epsilon)));
        Assert.Equal([1], Drawn(new(1e-39, 0.9)));
        Assert.Equal([1, 3], Drawn(new() { TopK = 2 }));
        Assert.Equal([0, 1, 2, 3, 4], Drawn(new() { TopK = 9 }));
        Assert.Equal([0, 1, 3], Drawn(new(TopP: 0.8)));
        Assert.Equal([0, 1, 3], Drawn(new() { MinP = 0.29 }));
        Assert.Equal([1], Drawn(new() { MinP = 1 }));
        Assert.Equal([1, 3], Drawn(new(TopP: 0.99) { MinP = 0.1, TopK = 2 }));
        Assert.Equal([1], Drawn(new(TopP: 0.7) { TopK = 2 }));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1e-39)]
    [InlineData(1e-6)]
    public void The_most_likely_tokens_have_the_drawn_ones_chances(double temperature)
    {
        var logits = Probabilities.Select(p => (float)Math.Log(p)).ToArray();
        var random = RandomStream.For(1);
        var likely = Sampler.MostLikely(logits, new(temperature), 5);
        var (token, logProb) = Sampler.Sample(logits, new(temperature), ref random);
        Assert.Equal((1, 1), (token, likely[0].Token));
        Assert.Equal(likely[0].LogProb, logProb, 1e-5);
        Assert.All(likely, chance => Assert.True(float.IsFinite(chance.LogProb)));
    }

    [Fact]
    public void What_is_kept_is_drawn_in_proportion()
    {
        var counts = new int[5];
        for (var i = 0; i < 20_000; i++)
        {
            var logits = Probabilities.Select(p => (float)Math.Log(p)).ToArray();
            var random = RandomStream.For(2, i);
            counts[Sampler.Sample(logits, new() { TopK = 2 }, ref random).Token]++;
        }
        Assert.Equal(20_000 * 5.0 / 7, counts[1], 300.0);
        Assert.Equal(20_000 * 2.0 / 7, counts[3], 300.0);
    }
}
