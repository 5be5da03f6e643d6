using System.Numerics;

namespace Rlef.Randomness;

/// <summary>
/// A stream of random numbers that is named by a key, such as (update, problem, sample, turn), and depends on nothing else: neither on thread
/// timing nor on what was drawn before. SplitMix64 (Steele, Lea and Flood 2014) over a hashed key. A mutable value: pass by reference to share.
/// </summary>
public struct RandomStream
{
    ulong state;

    RandomStream(ulong state) => this.state = state;

    /// <summary>The stream of a key within a run.</summary>
    public static RandomStream For(ulong runSeed, params ReadOnlySpan<long> key)
    {
        var hash = Mix(runSeed + 0x9E3779B97F4A7C15);
        foreach (var part in key)
            hash = Mix(BitOperations.RotateLeft(hash, 23) ^ Mix((ulong)part + 0xD1B54A32D192ED03));
        return new RandomStream(hash);
    }

    public ulong NextUInt64() => Mix(state += 0x9E3779B97F4A7C15);

    /// <summary>Uniform in [0, 1).</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in 0 .. <paramref name="count"/> − 1.</summary>
    public int NextInt(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return (int)Math.BigMul(NextUInt64(), (ulong)count, out _);
    }

    /// <summary>Uniform in <paramref name="low"/> .. <paramref name="high"/>, both included.</summary>
    public int NextInt(int low, int high) => low + NextInt(high - low + 1);

    /// <summary>True with the given probability.</summary>
    public bool Chance(double probability) => NextDouble() < probability;

    /// <summary>One of the items, each as likely.</summary>
    public T Pick<T>(IReadOnlyList<T> items) => items[NextInt(items.Count)];

    /// <summary>Fisher and Yates' shuffle.</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = NextInt(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
