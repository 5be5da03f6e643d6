using Rlef.Evaluation;

namespace Rlef.Core.Tests.Evaluation;

public sealed class SolveRateTests
{
    [Theory]
    [InlineData(5, 0, 2, 0)]
    [InlineData(5, 5, 2, 1)]
    [InlineData(4, 1, 2, 0.5)]
    [InlineData(10, 3, 1, 0.3)]
    public void Pass_at_k_is_one_minus_the_chance_of_only_wrong_ones(int n, int c, int k, double expected) =>
        Assert.Equal(expected, SolveRate.PassAtK(n, c, k), 12);

    [Fact]
    public void N_at_k_equals_enumeration_of_all_draws_and_choices()
    {
        for (var samples = 1; samples <= 6; samples++)
            for (var passed = 0; passed <= samples; passed++)
                for (var solved = 0; solved <= passed; solved++)
                    for (var k = 1; k <= samples; k++)
                        for (var n = 1; n <= k; n++)
                            Assert.Equal(Enumerated(samples, passed, solved, n, k), SolveRate.NAtK(samples, passed, solved, n, k), 10);
    }

    // Samples 0 .. solved − 1 are right, those up to passed − 1 pass the public tests only.
    static double Enumerated(int samples, int passed, int solved, int n, int k)
    {
        var draws = Subsets(samples, k).ToList();
        return draws.Average(draw =>
        {
            int[] favoured = [.. draw.Where(i => i < passed)], others = [.. draw.Where(i => i >= passed)];
            if (favoured.Length == 0)
                return 0;
            var take = Math.Min(n, favoured.Length);
            return Subsets(favoured.Length, take).Average(choice => choice.Any(i => favoured[i] < solved) ? 1.0 : 0);
        });
    }

    static IEnumerable<int[]> Subsets(int n, int k) => Enumerable.Range(0, 1 << n)
        .Where(bits => System.Numerics.BitOperations.PopCount((uint)bits) == k)
        .Select(bits => Enumerable.Range(0, n).Where(i => (bits >> i & 1) == 1).ToArray());


    [Theory]
    [InlineData(20, 15, 10)]
    [InlineData(100, 73, 50)]
    public void What_is_certain_is_a_share_of_one(int samples, int passed, int k) => Assert.Equal(1, SolveRate.NAtK(samples, passed, passed, 1, k));
}
