using System.Text.Json;
using Rlef.Policy;

namespace Rlef.Learning;

/// <summary>
/// Everything that the next update depends on: weights, moments and counters. Written into a folder of another name that is renamed when it is
/// complete; the newest two are kept.
/// </summary>
static class TrainingCheckpoint
{
    const int Kept = 2;

    sealed record Counters(int Update, long Steps, string Config);

    public static void Save(RunDirectory run, int update, Transformer policy, ValueFunction value, Optimizers optimizers, TrainingConfig config)
    {
        var target = run.CheckpointPath(update);
        var temporary = target + ".tmp";
        if (Directory.Exists(temporary))
            Directory.Delete(temporary, recursive: true);
        Directory.CreateDirectory(temporary);
        Safetensors.Write(Path.Combine(temporary, "model.safetensors"), policy.Parameters.Select(p => (p.Key, (TorchSharp.torch.Tensor)p.Value)));
        Safetensors.Write(Path.Combine(temporary, "training.safetensors"),
            value.Parameters.Select(p => ($"weights.{p.Key}", (TorchSharp.torch.Tensor)p.Value)).Concat(optimizers.State));
        RunDirectory.WriteAtomically(Path.Combine(temporary, "counters.json"),
            JsonSerializer.Serialize(new Counters(update, optimizers.Steps, config.ToJson())));
        if (Directory.Exists(target))
            Directory.Delete(target, recursive: true);
        Directory.Move(temporary, target);
        foreach (var old in run.Checkpoints.Skip(Kept).ToList())
            Directory.Delete(run.CheckpointPath(old), recursive: true);
    }

    /// <returns>The next update: 0 for a new run.</returns>
    /// <exception cref="InvalidDataException">The run was started with another configuration, or the checkpoint is damaged.</exception>
    public static int Restore(RunDirectory run, Transformer policy, ValueFunction value, Optimizers optimizers, TrainingConfig config)
    {
        if (!run.Checkpoints.Any())
            return 0;
        var path = run.CheckpointPath(run.Checkpoints.First());
        var counters = JsonSerializer.Deserialize<Counters>(File.ReadAllText(Path.Combine(path, "counters.json")))!;
        // A run may be continued to more updates; anything else that differs would make it another run.
        if ((TrainingConfig.FromJson(counters.Config) with { Updates = config.Updates }) != config)
            throw new InvalidDataException($"{run.Path} holds a run with another configuration: continue it with that one, or choose another name.");
        Safetensors.ReadInto(Path.Combine(path, "model.safetensors"), policy.Parameters.Select(p => (p.Key, (TorchSharp.torch.Tensor)p.Value)));
        Safetensors.ReadInto(Path.Combine(path, "training.safetensors"),
            value.Parameters.Select(p => ($"weights.{p.Key}", (TorchSharp.torch.Tensor)p.Value)).Concat(optimizers.State));
        optimizers.Resume(counters.Steps);
        return counters.Update;
    }
}
