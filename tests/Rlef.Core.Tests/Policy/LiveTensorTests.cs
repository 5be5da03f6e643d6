using Rlef.Learning;
using Rlef.Policy;
using Rlef.Randomness;
using static TorchSharp.torch;

namespace Rlef.Core.Tests.Policy;

[CollectionDefinition(nameof(LiveTensorTests), DisableParallelization = true)]
public sealed class AloneInTheProcess;

/// <summary>No step leaves a tensor behind: nothing waits for the garbage collector.</summary>
[Collection(nameof(LiveTensorTests))]
public sealed class LiveTensorTests
{
    static readonly ModelConfig Config = ModelConfig.Nano(32) with { HiddenSize = 16, IntermediateSize = 24, NumHiddenLayers = 2, MaxPositionEmbeddings = 64 };

    static void AssertFlat(int steps, Action step)
    {
        for (var i = 0; i < 3; i++)
            step();
        // What other tests left to their finalizers must not be counted down meanwhile.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = Tensor.TotalCount;
        for (var i = 0; i < steps; i++)
        {
            step();
            Assert.Equal(before, Tensor.TotalCount);
        }
    }

    [Fact]
    public void Decoding_and_training_leave_no_tensor_behind()
    {
        using var model = new Transformer(Config);
        using var decoder = new TensorDecoder(model, 2, 64);
        var logits = new float[2 * Config.VocabSize];
        var batch = new[] { new SupervisedTrainer.Example([1, 2, 3, 4], [false, true, true, true]) };
        using var optimizer = new AdamW(model.Parameters);
        long Live(int decodeSteps, int trainingSteps)
        {
            for (var i = 0; i < decodeSteps; i++)
            {
                if (i % 30 == 0)
                    foreach (var row in (int[])[0, 1])
                        decoder.Reset(row);
                decoder.Append([0, 1], [new[] { 1 }, new[] { 2 }], logits);
            }
            for (var i = 0; i < trainingSteps; i++)
            {
                using var scope = NewDisposeScope();
                var loss = SupervisedTrainer.Loss(model, batch);
                optimizer.ClearGradients();
                loss.backward();
                optimizer.Step(1e-3);
            }
            return TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        }
        var before = Live(30, 5);
        Assert.Equal(before, Live(2000, 200));
    }

    [Fact]
    public void Over_200_training_steps()
    {
        using var model = new Transformer(Config);
        using var optimizer = new AdamW(model.Parameters);
        SupervisedTrainer.Example[] batch = [new([1, 2, 3, 4, 5], [false, false, true, true, true]), new([6, 7, 8], [false, true, true])];
        AssertFlat(200, () =>
        {
            using var scope = NewDisposeScope();
            var loss = SupervisedTrainer.Loss(model, batch);
            optimizer.ClearGradients();
            loss.backward();
            nn.utils.clip_grad_norm_(model.Parameters.Values, 1);
            optimizer.Step(1e-3);
        });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Over_2000_decode_steps(bool fused)
    {
        using var model = new Transformer(Config, fused ? CPU : Tensors.Device);
        using IDecoder decoder = fused ? new FusedDecoder(model, 2, 64) : new TensorDecoder(model, 2, 64);
        var logits = new float[2 * Config.VocabSize];
        AssertFlat(2000, () =>
        {
            if (decoder.Length(0) == decoder.MaxLength)
            {
                decoder.Reset(0);
                decoder.Reset(1);
            }
            decoder.Append([0, 1], [(int[])[1], (int[])[2]], logits);
        });
    }

    [Fact]
    public void Over_100_blocks_drawn_on_the_device()
    {
        using var model = new Transformer(Config);
        using var decoder = new TensorDecoder(model, 2, 64, block: 8);
        AssertFlat(100, () =>
        {
            decoder.Reset(1);
            decoder.Sample([new(1, (int[])[1, 2, 3], RandomStream.For(1), new(1, 0.9, 8), _ => false)]);
        });
    }
}
