using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Rlef.Critics;
using Rlef.Learning;
using Rlef.Objectives;
using Rlef.Policy;
using static TorchSharp.torch;

namespace Rlef.Core.Tests.Policy;

/// <summary>
/// Tensors of wrong shapes are an error that can be caught. A few of TorchSharp's calls end the process instead, because its native side lets C++ exceptions
/// of these pass; none of them may be used.
/// </summary>
public sealed class ShapeErrorTests
{
    static readonly string[] Aborting = ["matmul", "cummax", "cummin", "alias", "grad", "upsample_nearest1d_backward", "upsample_nearest2d_backward", "upsample_nearest3d_backward"];

    [Theory]
    [InlineData("Rlef.Core.dll")]
    [InlineData("Rlef.Core.Tests.dll")]
    public void No_call_that_ends_the_process_is_used(string assembly)
    {
        using var file = new PEReader(File.OpenRead(Path.Combine(AppContext.BaseDirectory, assembly)));
        var metadata = file.GetMetadataReader();
        string Name(EntityHandle type) => type.Kind == HandleKind.TypeReference ? metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)type).Name) : "";
        var used = metadata.MemberReferences.Select(metadata.GetMemberReference).Where(m => m.GetKind() == MemberReferenceKind.Method)
            .Select(m => (Type: Name(m.Parent), Method: metadata.GetString(m.Name))).ToList();
        Assert.Contains(used, u => u.Type == "Tensor");
        Assert.DoesNotContain(used, u => u.Type is "torch" or "Tensor" or "autograd" or "functional" && Aborting.Contains(u.Method));
    }

    static Transformer Model(string family) => new(family == "gpt2"
        ? new ModelConfig { ModelType = "gpt2", VocabSize = 20, HiddenSize = 16, IntermediateSize = 64, NumHiddenLayers = 1, NumAttentionHeads = 2, NumKeyValueHeads = 2, MaxPositionEmbeddings = 12 }
        : ModelConfig.Nano(20) with { MaxPositionEmbeddings = 12 });

    public static TheoryData<string, string> Mistakes
    {
        get
        {
            var all = new TheoryData<string, string>();
            foreach (var family in (string[])["llama", "gpt2"])
                foreach (var mistake in Wrong.Keys)
                    all.Add(family, mistake);
            return all;
        }
    }

    static Tensor Ids(params long[] shape) => zeros(shape, ScalarType.Int64).Here();

    static readonly Dictionary<string, Action<Transformer>> Wrong = new()
    {
        ["ids of one dimension"] = m => m.Hidden(Ids(4)),
        ["ids of three dimensions"] = m => m.Hidden(Ids(1, 2, 3)),
        ["ids that are no integers"] = m => m.Hidden(zeros(1, 4).Here()),
        ["an id beyond the vocabulary"] = m => m.Hidden(Ids(1, 4).Add(20)),
        ["a negative id"] = m => m.Hidden(Ids(1, 4).Sub(1)),
        ["lengths that are less than the ids"] = m => m.Hidden(Ids(1, 6), [2, 3]),
        ["lengths that are more than the ids"] = m => m.Hidden(Ids(1, 6), [4, 3]),
        ["a negative length"] = m => m.Hidden(Ids(1, 6), [7, -1]),
        ["no lengths"] = m => m.Hidden(Ids(1, 6), []),
        ["hidden states of another width"] = m => m.Logits(zeros(1, 4, 7).Here()),
        ["an id of a text beyond the vocabulary"] = m => SequenceScorer.LogProbs(m, [1, 20]),
        ["a position beyond the text"] = m => ChosenTokens.LogProbs(m, m.Hidden(Ids(1, 4)), Ids(1).Add(4), Ids(1), 1, new(enabled: false)),
        ["more positions than targets"] = m => ChosenTokens.LogProbs(m, m.Hidden(Ids(1, 4)), Ids(3), Ids(2), 1, new(enabled: false)),
        ["a target beyond the vocabulary"] = m => new TokenDistribution(m.Logits(m.Hidden(Ids(1, 4))).squeeze(0)).Of(Ids(4).Add(20)),
        ["targets of another number"] = m => new TokenDistribution(m.Logits(m.Hidden(Ids(1, 4))).squeeze(0)).Of(Ids(7)),
        ["values at positions beyond the text"] = m => ValueFunction.Of(m, new() { Trunk = ValueTrunk.Separate }).Values(Ids(1, 4), [4], new(null), Ids(1).Add(9)),
        ["losses of unequal numbers"] = m => new PpoObjective().Losses(new(zeros(3), zeros(4), zeros(3), zeros(3), zeros(3))),
        ["values of unequal numbers"] = m => ValueLoss.Of(zeros(3), zeros(4), zeros(3), 0.2),
        ["weights of another model"] = m => m.CopyFrom(new Transformer(ModelConfig.Nano(21))),
        ["a gradient of more than one number"] = m => m.Logits(m.Hidden(Ids(1, 4))).backward(),
        ["stacks of matrices that do not fit"] = m => Ops.Products(zeros(2, 3, 4, 5), zeros(2, 3, 4, 5)),
        ["stacks of unequal numbers"] = m => Ops.Products(zeros(2, 3, 4, 5), zeros(2, 2, 5, 4)),
        ["a token beyond the vocabulary for a decoder"] = m => Decode(m, [1, 20], 12),
        ["no token for a decoder"] = m => Decode(m, [], 12),
        ["more tokens than a decoder has room for"] = m => Decode(m, [1, 2, 3], 2),
    };

    static void Decode(Transformer model, int[] tokens, int room)
    {
        using var decoder = Decoders.Create(model, 1, room);
        decoder.Append([0], [tokens], new float[20]);
    }

    [Theory, MemberData(nameof(Mistakes))]
    public void A_wrong_shape_is_an_error_that_can_be_caught(string family, string mistake)
    {
        using var scope = NewDisposeScope();
        using var model = Model(family);
        Assert.ThrowsAny<Exception>(() => Wrong[mistake](model));
    }
}
