using System.Text.Json;
using Rlef.Policy;
using Rlef.Storage;

namespace Rlef.Learning;

/// <summary>
/// Everything that the next update depends on: the weights that are learned, their moments, and counters. Written into a folder of another name that
/// is renamed when it is complete; the newest two are kept.
/// </summary>
static class TrainingCheckpoint
{
    const int Kept = 2;

    /// <param name="Origin">Digest of the weights that the run began with, on which the reference policy and the frozen weights under adapters stand.</param>
    sealed record Counters(int Update, long Steps, string Config, string Origin);

    public static void Save(RunDirectory run, int update, Optimizers optimizers, TrainingConfig config, string origin)
    {
        var target = run.CheckpointPath(update);
        var temporary = target + ".tmp";
        if (Directory.Exists(temporary))
            Directory.Delete(temporary, recursive: true);
        try
        {
            Directory.CreateDirectory(temporary);
            Safetensors.Write(Path.Combine(temporary, "model.safetensors"), optimizers.PolicyWeights);
            Safetensors.Write(Path.Combine(temporary, "training.safetensors"), optimizers.State);
            AtomicFile.WriteText(Path.Combine(temporary, "counters.json"),
                JsonSerializer.Serialize(new Counters(update, optimizers.Steps, config.ToJson(), origin)));
        }
        catch (IOException)
        {
            // A full disk wants the room back.
            if (Directory.Exists(temporary))
                Directory.Delete(temporary, recursive: true);
            throw;
        }
        if (Directory.Exists(target))
            Directory.Delete(target, recursive: true);
        Directory.Move(temporary, target);
        foreach (var old in run.Checkpoints.Skip(Kept).ToList())
            Directory.Delete(run.CheckpointPath(old), recursive: true);
    }

    /// <returns>The next update: 0 for a new run.</returns>
    /// <exception cref="ArgumentException">The run was started with another configuration.</exception>
    /// <exception cref="InvalidDataException">The checkpoint is damaged or another policy's; the message names file and way out.</exception>
    public static int Restore(RunDirectory run, Optimizers optimizers, TrainingConfig config, string origin)
    {
        if (!run.Checkpoints.Any())
            return 0;
        var checkpoints = run.Checkpoints.ToList();
        var path = run.CheckpointPath(checkpoints[0]);
        try
        {
            var counters = JsonSerializer.Deserialize<Counters>(File.ReadAllText(Path.Combine(path, "counters.json")))!;
            // A run may be continued to more updates, unless its learning rate had its end in view; anything else that differs would make it another run.
            var before = TrainingConfig.FromJson(counters.Config);
            if ((config.Schedule == LearningRateSchedule.Constant ? before with { Updates = config.Updates } : before) != config)
                throw new ArgumentException($"{run.Path} holds a run with another configuration: continue it with that one, or choose another name.");
            if (counters.Origin != origin)
                throw new InvalidDataException($"{Path.Combine(path, "counters.json")}: the run began with another policy than this one.");
            Safetensors.ReadInto(Path.Combine(path, "model.safetensors"), optimizers.PolicyWeights);
            Safetensors.ReadInto(Path.Combine(path, "training.safetensors"), optimizers.State);
            optimizers.Resume(counters.Steps);
            return counters.Update;
        }
        catch (Exception e) when (e is InvalidDataException or JsonException or FileNotFoundException)
        {
            var what = e is JsonException ? $"{Path.Combine(path, "counters.json")}: {e.OneLine()}" : e.Message;
            var next = checkpoints.Count > 1 ? $"to go on from update {checkpoints[1]}" : "to begin anew";
            throw new InvalidDataException($"{what} The run cannot go on from {path}. If the run began with another policy, name that one; " +
                $"if the checkpoint is damaged, delete its folder {next}.", e);
        }
    }
}
