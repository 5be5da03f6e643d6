using System.Globalization;
using Rlef.Critics;
using Rlef.Policy;

namespace Rlef.Learning;

/// <summary>What a run will need of memory, by counting, in bytes. Within a factor of about one and a half: what the runtime and its allocator add is not counted.</summary>
/// <param name="Weights">The policy, the reference where it is not the policy without its adapters, a critic that is a network of its own, and the decoder's own copy.</param>
/// <param name="Learning">Gradients and both moments of what is learned, and copies in 32 bits of 16-bit weights.</param>
/// <param name="KeysAndValues">Of all dialogues of an update, were each as long as it may be.</param>
/// <param name="Activations">Of a microbatch on each core.</param>
public sealed record MemoryEstimate(long Weights, long Learning, long KeysAndValues, long Activations)
{
    // Logits are made in pieces of 64 MiB (ChosenTokens), of which the backward pass has about four at a time.
    const long Logits = 256L << 20;

    public long Total => Weights + Learning + KeysAndValues + Activations;

    public static MemoryEstimate Of(Transformer policy, TrainingConfig config)
    {
        var (c, all) = (policy.Config, policy.ParameterCount);
        var is16 = config.Dtype == WeightType.Bfloat16;
        long element = is16 ? 2 : 4, learned = config.LoraRank > 0 ? Adapters(c, config.LoraRank) : all;
        var onGpu = policy.Device.type != TorchSharp.DeviceType.CPU;
        long views = is16 || onGpu ? 1 : Cores.Count;
        var fused = Decoders.IsFused(policy);
        var reference = config.LoraRank > 0 ? 0 : element * all;
        var critic = config.Critic.Trunk == ValueTrunk.Separate && config.HasCritic ? all : 0;
        var networks = critic > 0 ? 2 : 1;
        long rows = DecoderPlan.Fitting(c, config.MaxDialogueTokens, (long)config.ProblemsPerUpdate * config.SamplesPerProblem);
        var keysAndValues = rows * config.MaxDialogueTokens * PerToken(c, fused ? 4 : element);
        // A block's inner tensors: queries, keys, values, what is attended to, norms and sums, and the feed-forward's three.
        var inner = element * (6L * c.HiddenSize + 2L * c.AttentionSize + 2L * c.NumKeyValueHeads * c.HeadSize + 4L * c.IntermediateSize);
        var kept = config.GradientCheckpointing ? c.NumHiddenLayers * element * c.HiddenSize + 2 * inner : c.NumHiddenLayers * inner;
        return new(element * (all + critic) + reference + (fused ? 4 * all : 0), networks * learned * (views * 4 + 8 + (is16 ? 4 : 0)), keysAndValues,
            views * (networks * config.MicrobatchTokens * kept + Logits));
    }

    // Keys and values of a token, in bytes.
    static long PerToken(ModelConfig c, long element) => 2L * c.NumHiddenLayers * c.NumKeyValueHeads * c.HeadSize * element;

    /// <summary>
    /// Limits that suit a model and a machine: dialogues within the model's context whose keys and values take a third of the memory at most, as long as that leaves
    /// a thousand tokens, and responses of a third of a dialogue at most.
    /// </summary>
    /// <param name="memory">Of the machine, in bytes; null where it is not known, and for a GPU.</param>
    public static TrainingConfig Fit(TrainingConfig config, ModelConfig model, long? memory)
    {
        const int Least = 1024, Grain = 256;
        var rows = (long)config.ProblemsPerUpdate * config.SamplesPerProblem;
        var room = memory is { } bytes ? Math.Max(Least, bytes / 3 / (rows * PerToken(model, element: 4)) / Grain * Grain) : long.MaxValue;
        var longest = (int)Math.Min(Math.Min(config.MaxDialogueTokens, model.MaxPositionEmbeddings), room);
        return config with { MaxDialogueTokens = longest, MaxResponseTokens = Math.Min(config.MaxResponseTokens, longest / 3) };
    }

    // Of every projection of every block.
    static long Adapters(ModelConfig c, int rank) => (long)c.NumHiddenLayers * rank *
        (2L * (c.HiddenSize + c.AttentionSize) + 2L * (c.HiddenSize + c.NumKeyValueHeads * c.HeadSize) + 3L * (c.HiddenSize + c.IntermediateSize));

    /// <summary>Memory of this machine that is free or can be freed at once, in bytes; null where the kernel does not tell.</summary>
    public static long? Available => Within(Read("MemAvailable:"));

    /// <summary>All memory of this machine, in bytes; null where the kernel does not tell.</summary>
    public static long? OfMachine => Within(Read("MemTotal:"));

    // A container may have less than its machine, which is what the kernel tells of.
    static long? Within(long? ofMachine) => ofMachine is { } bytes ? Math.Min(bytes, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes) : null;

    static long? Read(string name)
    {
        var line = File.Exists("/proc/meminfo") ? File.ReadLines("/proc/meminfo").FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal)) : null;
        return line is null ? null : 1024 * long.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Gigabytes(Total)}: weights {Gigabytes(Weights)}, gradients and moments {Gigabytes(Learning)}, keys and values {Gigabytes(KeysAndValues)}, activations {Gigabytes(Activations)}");

    internal static string Gigabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:F1} GB");
}
