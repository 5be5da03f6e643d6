using Rlef.Randomness;

namespace Rlef.Core.Tests.Randomness;

public sealed class RandomStreamTests
{
    // By a program of its own, from the definition of SplitMix64. Every seed that is published stands on them.
    [Fact]
    public void Its_numbers_are_those_of_its_definition()
    {
        var stream = RandomStream.For(1, 2, 3);
        Assert.Equal([0x61a13e4e23be8e0a, 0xbf8285a5c69c7d04, 0x86a4fb022e08a637], Draws(stream, 3, (ref s) => s.NextUInt64()));
        Assert.Equal([3, 7, 5, 1, 8, 9, 1, 6], Draws(stream, 8, (ref s) => s.NextInt(10)));
        Assert.Equal(0.7215081806049702, RandomStream.For(7).NextDouble());
    }

    delegate T Next<T>(ref RandomStream stream);

    static T[] Draws<T>(RandomStream stream, int count, Next<T> next) => [.. Enumerable.Range(0, count).Select(_ => next(ref stream))];

    [Fact]
    public void Streams_depend_on_their_key_alone()
    {
        Assert.Equal(RandomStream.For(1, 2, 3).NextUInt64(), RandomStream.For(1, 2, 3).NextUInt64());
        var pairs = Enumerable.Range(0, 400).Select(i => RandomStream.For(1, i / 20, i % 20).NextUInt64());
        Assert.Equal(400, pairs.Distinct().Count());
        Assert.NotEqual(RandomStream.For(1, 2).NextUInt64(), RandomStream.For(1, 2, 0).NextUInt64());
    }

    [Fact]
    public void Whole_numbers_reach_both_ends_and_no_further()
    {
        Assert.Equal(Enumerable.Range(-2, 6), Draws(RandomStream.For(5), 500, (ref s) => s.NextInt(-2, 3)).Distinct().Order());
        Assert.All(Draws(RandomStream.For(5), 500, (ref s) => s.NextDouble()), x => Assert.InRange(x, 0, 1 - 1e-16));
        Assert.Throws<ArgumentOutOfRangeException>(() => RandomStream.For(5).NextInt(0));
    }

    [Fact]
    public void A_shuffle_is_each_permutation_about_as_often()
    {
        var stream = RandomStream.For(9);
        var found = Enumerable.Range(0, 6000).Select(_ =>
        {
            int[] items = [1, 2, 3];
            stream.Shuffle<int>(items);
            return string.Concat(items);
        }).CountBy(s => s).ToList();
        Assert.Equal(6, found.Count);
        // Five deviations of a binomial with 6,000 draws of 1/6.
        Assert.All(found, f => Assert.InRange(f.Value, 1000 - 145, 1000 + 145));
    }
}
