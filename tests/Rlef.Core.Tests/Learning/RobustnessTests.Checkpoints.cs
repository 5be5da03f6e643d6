using Rlef.Execution;
using Rlef.Experiments;
using Rlef.Learning;
using Rlef.Policy;
using Rlef.Storage;
using static TorchSharp.torch;

namespace Rlef.Core.Tests.Learning;

// Checkpoints that are damaged or missing.
public sealed partial class RobustnessTests
{
    [Fact]
    public async Task A_checkpoint_whose_weights_are_no_numbers_is_named_with_the_way_out()
    {
        await TrainAsync(Small, _ => VerdictKind.WrongAnswer, new TokenSumReward());
        var weights = policy.Model.Parameters.Select(p => (p.Key, (Tensor)p.Value)).ToList();
        using (no_grad())
            weights[^1].Item2.Fill_(float.NaN);
        var file = Path.Combine(new RunDirectory(folder).CheckpointPath(2), "model.safetensors");
        Safetensors.Write(file, weights);
        Safetensors.ReadInto(Home.File("data", "nano", "base", "model.safetensors"), weights);
        var error = await Assert.ThrowsAsync<InvalidDataException>(() => TrainAsync(Small with { Updates = 3 }, _ => VerdictKind.WrongAnswer, new TokenSumReward()));
        Assert.StartsWith($"{file}: '{weights[^1].Key}' holds numbers that are not finite.", error.Message);
        Assert.EndsWith("Delete that folder to go on from update 1.", error.Message);
    }

    [Fact]
    public void Of_weights_the_first_that_is_no_number_is_found()
    {
        using var scope = NewDisposeScope();
        Assert.Null(NotFinite.First([]));
        Assert.Null(NotFinite.First([("a", ones(3)), ("b", zeros(2, ScalarType.BFloat16))]));
        Assert.Equal("b", NotFinite.First([("a", ones(3)), ("b", tensor(new[] { 1, float.PositiveInfinity })), ("c", tensor(float.NaN))]));
    }

    [Fact]
    public async Task Results_are_not_wiped_where_there_is_no_checkpoint_to_go_on_from()
    {
        var lines = Path.Combine(folder, "metrics.jsonl");
        await TrainAsync(Small, _ => VerdictKind.WrongAnswer);
        var metrics = File.ReadAllText(lines);
        foreach (var checkpoint in Directory.GetDirectories(Path.Combine(folder, "checkpoints")))
            Directory.Delete(checkpoint, true);
        await RefusedAsync("holds results of 2 updates, but no checkpoint to go on from", Small);
        Assert.Equal(metrics, File.ReadAllText(lines));
        // Of one update, as where a run ended before its first checkpoint was whole.
        File.WriteAllLines(lines, File.ReadLines(lines).Take(1).ToList());
        await RefusedAsync("holds results of 1 update, but", Small with { LearningRate = 1 });
        Assert.Equal(2, (await TrainAsync(Small, _ => VerdictKind.WrongAnswer)).Count);

        async Task RefusedAsync(string words, TrainingConfig config) =>
            Assert.Contains(words, (await Assert.ThrowsAsync<InvalidDataException>(() => TrainAsync(config, _ => VerdictKind.WrongAnswer))).Message);
    }

    [Theory]
    [InlineData("counters.json", "null")]
    [InlineData("counters.json", "{}")]
    [InlineData("counters.json", """{"Update":1,"Steps":4,"PolicySteps":4,"Recipe":null}""")]
    [InlineData("counters.json", """{"Update":1,"Steps":4,"PolicySteps":4,"Recipe":"{\"seed\":"}""")]
    [InlineData("counters.json", """{"Update":1,"Steps":4,"PolicySteps":4,"Recipe":"[1]"}""")]
    [InlineData("memory.json", "null")]
    [InlineData("memory.json", "{}")]
    [InlineData("memory.json", """{"Rounds":1,"Problems":null,"Buffer":[]}""")]
    public async Task A_checkpoint_s_file_that_was_damaged_by_hand_is_named_with_the_way_out(string file, string text)
    {
        await TrainAsync(Small with { Updates = 1 }, _ => VerdictKind.WrongAnswer);
        var path = Path.Combine(folder, "checkpoints", "000001", file);
        File.WriteAllText(path, text);
        var error = (await Assert.ThrowsAsync<InvalidDataException>(() => TrainAsync(Small, _ => VerdictKind.WrongAnswer))).Message;
        Assert.StartsWith($"{path}: ", error);
        Assert.EndsWith($"Delete {folder} to begin anew.", error);
    }
}
