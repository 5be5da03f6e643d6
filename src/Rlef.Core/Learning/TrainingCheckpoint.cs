using System.Text.Json;
using Rlef.Experience;
using Rlef.Policy;
using Rlef.Storage;
using static TorchSharp.torch;

namespace Rlef.Learning;

/// <summary>
/// Everything that the next update depends on: the weights that are learned, their moments, counters, and the run's memory. Written into a folder of another name that
/// is renamed when it is complete; the newest two are kept.
/// </summary>
static class TrainingCheckpoint
{
    const int Kept = 2;

    // Steps of values as of all, where they are not said.
    sealed record Counters(int Update, long Steps, long PolicySteps, string Recipe, long? ValueSteps = null);

    static readonly JsonSerializerOptions Json = new() { RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };

    public static void Save(RunDirectory run, int update, Optimizers optimizers, RunMemory memory, Recipe recipe)
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
            AtomicFile.WriteText(Path.Combine(temporary, "memory.json"), memory.ToJson());
            AtomicFile.WriteText(Path.Combine(temporary, "counters.json"),
                JsonSerializer.Serialize(new Counters(update, optimizers.Steps, optimizers.PolicySteps, recipe.ToJson(), optimizers.ValueSteps)));
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

    /// <returns>The next update, 0 for a new run, and what the run remembers.</returns>
    /// <exception cref="ArgumentException">The run was begun by another recipe; the message names the differences.</exception>
    /// <exception cref="InvalidDataException">The checkpoint is damaged, or gone though there are results, or further than the recipe goes; the message names the way out.</exception>
    public static (int Update, RunMemory Memory) Restore(RunDirectory run, Optimizers optimizers, Recipe recipe)
    {
        if (!run.Checkpoints.Any())
        {
            RefuseToForget(run, recipe);
            return (0, new());
        }
        var checkpoints = run.Checkpoints.ToList();
        if (checkpoints[0] is var done && done > recipe.Config.Updates)
            throw new InvalidDataException($"{run.Path}: this run has {done} updates behind it, more than the {recipe.Config.Updates} that are wanted. " +
                $"Ask for {done} or more, or choose another folder.");
        var path = run.CheckpointPath(done);
        try
        {
            var (counters, differences) = JsonFile.Read(Path.Combine(path, "counters.json"), text =>
                JsonSerializer.Deserialize<Counters>(text, Json) is { } kept ? (kept, recipe.DifferencesFrom(kept.Recipe)) : throw new JsonException("an object is expected, not null."));
            if (differences.Count > 0)
                throw new ArgumentException($"{run.Path} holds another run: it was begun with {string.Join(", ", differences)}. Continue it as it was begun, or choose another folder.");
            Read("model.safetensors", optimizers.PolicyWeights);
            Read("training.safetensors", optimizers.State);
            optimizers.Resume(counters.Steps, counters.PolicySteps, counters.ValueSteps ?? counters.Steps);
            return (counters.Update, JsonFile.Read(Path.Combine(path, "memory.json"), RunMemory.FromJson));
        }
        catch (Exception e) when (e is InvalidDataException or FileNotFoundException)
        {
            var next = checkpoints.Count > 1 ? $"Delete that folder to go on from update {checkpoints[1]}" : $"Delete {run.Path} to begin anew";
            throw new InvalidDataException($"{e.Message} The run cannot go on from {path}. {next}.", e);
        }

        void Read(string name, IEnumerable<(string, Tensor)> tensors)
        {
            var file = Path.Combine(path, name);
            Safetensors.ReadInto(file, tensors);
            if (NotFinite.First(tensors) is { } broken)
                throw new InvalidDataException($"{file}: '{broken}' holds numbers that are not finite.");
        }
    }

    // Beginning anew would wipe the results of another run, or of one whose checkpoints were deleted. A run that ended before its first checkpoint has at most one line.
    static void RefuseToForget(RunDirectory run, Recipe recipe)
    {
        var (updates, config) = (run.ReadMetrics().Count, run.File("config.json"));
        var isOwn = File.Exists(config) && JsonFile.Read(config, recipe.DifferencesFrom).Count == 0;
        if (updates > 1 || updates == 1 && !isOwn || Directory.Exists(run.File("policy")))
            throw new InvalidDataException($"{run.Path} holds results of {updates} update{(updates == 1 ? "" : "s")}, but no checkpoint to go on from. Choose another folder, or delete this one.");
    }
}
