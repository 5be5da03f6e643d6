namespace Rlef.Execution;

/// <summary>Resource limits of one test.</summary>
/// <param name="Cpu">Processor time; the clock that decides TimeLimit.</param>
/// <param name="Wall">Elapsed time; guards against sleepers, so it is several times <paramref name="Cpu"/>. A program that computes, but waits for a core, has up to four times as much.</param>
/// <param name="MemoryBytes">Address space of the process.</param>
/// <param name="OutputBytes">Bytes of standard output, and of a returned value as JSON. All tests of a request together
/// may have 16 times as many, or 64 Mi.</param>
public sealed record Limits(TimeSpan Cpu, TimeSpan Wall, long MemoryBytes, int OutputBytes)
{
    readonly long? stack;

    /// <summary>Bytes that the stack of the main thread may take, of the memory; as on most contest judges, all of it unless set.</summary>
    public long StackBytes
    {
        get => stack ?? MemoryBytes;
        init => stack = value;
    }

    /// <summary>For the nano world's small programs: 1 s, 5 s, 256 MiB, 64 KiB.</summary>
    public static Limits Default { get; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), 256L << 20, 64 << 10);

    /// <summary>The RLEF paper's limits for CodeContests (section 3.1): 10 s and 1 GB a test.</summary>
    public static Limits CodeContests { get; } = new(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30), 1L << 30, 16 << 20);
}
