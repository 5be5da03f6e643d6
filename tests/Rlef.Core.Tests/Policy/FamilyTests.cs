using System.Text.Json;
using Rlef.Learning;
using Rlef.Policy;
using static TorchSharp.torch;

namespace Rlef.Tests.Policy;

/// <summary>Models of every family against what Python's torch computes for the same weights; Reference/make_families.py made the values.</summary>
public sealed class FamilyTests : IDisposable
{
    const int B = 2, T = 40, V = 40;
    const double Tolerance = 1e-5;   // of the largest absolute value of the tensor

    static readonly string Tokenizer = TokenizerFile.ToJson([.. "abcdefgh".Select(c => c.ToString())], [], ["<eos>"], TokenizerFile.SingleDigitPattern);

    readonly IDisposable scope = NewDisposeScope();
    readonly List<string> folders = [];

    public static TheoryData<string> Families => [.. Directory.GetDirectories(Path.Combine(AppContext.BaseDirectory, "Policy/Reference/families")).Select(f => Path.GetFileName(f)!).Order()];

    public void Dispose()
    {
        scope.Dispose();
        folders.ForEach(f => Directory.Delete(f, recursive: true));
    }

    string Temporary()
    {
        folders.Add(Directory.CreateTempSubdirectory("rlef-family-").FullName);
        return folders[^1];
    }

    string FolderOf(string family)
    {
        var folder = Temporary();
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Policy/Reference/families", family)))
            if (Path.GetFileName(file) != "expected.safetensors")
                File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        File.WriteAllText(Path.Combine(folder, "tokenizer.json"), Tokenizer);
        return folder;
    }

    static Dictionary<string, Tensor> Expected(string family, Transformer model)
    {
        var bare = family == "gpt2-bare";
        var expected = new Dictionary<string, Tensor> { ["ids"] = zeros([B, T]), ["logits"] = zeros([B, T, V]) };
        foreach (var (name, parameter) in model.Parameters)
            expected["gradients." + (bare ? name.Replace("transformer.", "") : name)] = zeros(parameter.shape);
        Safetensors.ReadInto(Path.Combine(AppContext.BaseDirectory, "Policy/Reference/families", family, "expected.safetensors"), expected.Select(e => (e.Key, e.Value)));
        return expected.ToDictionary(e => bare && e.Key.StartsWith("gradients.", StringComparison.Ordinal) ? "gradients.transformer." + e.Key["gradients.".Length..] : e.Key, e => e.Value);
    }

    static void AssertClose(Tensor expected, Tensor actual, string what, double tolerance = Tolerance)
    {
        Assert.Equal(expected.shape, actual.shape);
        float[] want = expected.data<float>().ToArray(), have = actual.detach().contiguous().data<float>().ToArray();
        var largest = want.Max(Math.Abs);
        Assert.True(largest > 0, $"{what}: the reference is empty");
        var worst = want.Zip(have).Max(p => Math.Abs((double)p.First - p.Second)) / largest;
        Assert.True(worst <= tolerance, $"{what}: off by {worst:E2} of its largest value");
    }

    static Tensor Logits(Transformer model, Tensor ids)
    {
        using var _ = no_grad();
        return model.Logits(model.Hidden(ids.to(ScalarType.Int64)));
    }

    [Theory, MemberData(nameof(Families))]
    public void Logits_equal_the_reference(string family)
    {
        using var policy = PolicyCheckpoint.Load(FolderOf(family));
        var expected = Expected(family, policy.Model);
        AssertClose(expected["logits"], Logits(policy.Model, expected["ids"]), "logits");
    }

    [Theory, MemberData(nameof(Families))]
    public void Decoded_logits_equal_the_reference(string family)
    {
        using var policy = PolicyCheckpoint.Load(FolderOf(family));
        var expected = Expected(family, policy.Model);
        var ids = expected["ids"].data<float>().ToArray().Select(x => (int)x).ToArray();
        Assert.Equal(!family.StartsWith("gpt2", StringComparison.Ordinal), FusedDecoder.CanDecode(policy.Model));
        IDecoder[] decoders = FusedDecoder.CanDecode(policy.Model) ? [new TensorDecoder(policy.Model, B, T), new FusedDecoder(policy.Model, B, T)] : [new TensorDecoder(policy.Model, B, T)];
        foreach (var decoder in decoders)
            using (decoder)
            {
                // A prompt of unequal lengths, then pieces of one token and more.
                var logits = new float[B * V];
                int[] read = [0, 0];
                for (var round = 0; read.Min() < T; round++)
                {
                    int[] rows = [.. Enumerable.Range(0, B).Where(r => read[r] < T)];
                    ReadOnlyMemory<int>[] parts = [.. rows.Select(r => ids.AsMemory(r * T + read[r], Math.Min(T - read[r], round == 0 ? 7 + 4 * r : 1 + (round + r) % 3)))];
                    decoder.Append(rows, parts, logits);
                    for (var i = 0; i < rows.Length; i++)
                    {
                        read[rows[i]] += parts[i].Length;
                        AssertClose(expected["logits"].select(0, rows[i]).select(0, read[rows[i]] - 1), tensor(logits.AsSpan(i * V, V).ToArray()), $"{decoder.GetType().Name}, token {read[rows[i]]}");
                    }
                }
            }
    }

    [Theory, MemberData(nameof(Families))]
    public void Gradients_equal_the_reference(string family)
    {
        using var policy = PolicyCheckpoint.Load(FolderOf(family));
        var expected = Expected(family, policy.Model);
        var batch = expected["ids"].data<float>().ToArray().Chunk(T).Select(row => new SupervisedTrainer.Example([.. row.Select(id => (int)id)], [.. row.Select((_, t) => t > 0)])).ToList();
        SupervisedTrainer.Loss(policy.Model, batch).backward();
        foreach (var (name, parameter) in policy.Model.Parameters)
            // 32 bits against 64.
            AssertClose(expected["gradients." + name], parameter.grad!, name, 5 * Tolerance);
    }

    [Theory, MemberData(nameof(Families))]
    public void A_saved_folder_holds_the_same_model(string family)
    {
        var source = FolderOf(family);
        File.WriteAllText(Path.Combine(source, "chat_template.jinja"), "{{ messages[0].content }}");
        using var policy = PolicyCheckpoint.Load(source);
        var target = Temporary();
        policy.Save(target);
        using var again = PolicyCheckpoint.Load(target);
        Assert.Equal(policy.Model.Parameters.Keys, again.Model.Parameters.Keys);
        foreach (var (name, parameter) in policy.Model.Parameters)
            Assert.Equal(parameter.data<float>().ToArray(), again.Model.Parameters[name].data<float>().ToArray());
        Assert.Equal(policy.EndTokens, again.EndTokens);
        Assert.Equal("{{ messages[0].content }}", File.ReadAllText(Path.Combine(target, "chat_template.jinja")));
        // All fields stay, also those that Rlef has no use for; only the type of the weights is now another.
        using var before = JsonDocument.Parse(File.ReadAllText(Path.Combine(source, "config.json")));
        using var after = JsonDocument.Parse(File.ReadAllText(Path.Combine(target, "config.json")));
        foreach (var field in before.RootElement.EnumerateObject())
            Assert.Equal(field.Name == "torch_dtype" ? "float32" : field.Value.ToString().Replace(" ", "").Replace("\n", ""), after.RootElement.GetProperty(field.Name).ToString().Replace(" ", "").Replace("\n", ""));
    }

    [Theory]
    [InlineData("llama3.1-bf16")]
    [InlineData("qwen3")]
    [InlineData("gpt2-bare")]
    public void Sixteen_bit_weights_compute_nearly_the_same(string family)
    {
        using var policy = PolicyCheckpoint.Load(FolderOf(family), dtype: ScalarType.BFloat16);
        var expected = Expected(family, policy.Model);
        AssertClose(expected["logits"], Logits(policy.Model, expected["ids"]).to(ScalarType.Float32), "logits", 0.1);
        var target = Temporary();
        policy.Save(target);
        Assert.Contains("\"BF16\"", System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(Path.Combine(target, "model.safetensors")).AsSpan(0, 2000)));
        Assert.Contains("bfloat16", File.ReadAllText(Path.Combine(target, "config.json")));
    }

    [Theory, MemberData(nameof(Families))]
    public void Scores_equal_those_of_the_reference(string family)
    {
        using var policy = PolicyCheckpoint.Load(FolderOf(family));
        var expected = Expected(family, policy.Model);
        int[] ids = [.. expected["ids"].data<float>().ToArray().Take(T).Select(x => (int)x)];
        var logProbs = expected["logits"].select(0, 0).log_softmax(-1).data<float>().ToArray();
        var scores = SequenceScorer.LogProbs(policy.Model, ids);
        Assert.Equal(T - 1, scores.Length);
        for (var t = 1; t < T; t++)
            Assert.Equal(logProbs[(t - 1) * V + ids[t]], scores[t - 1], 1e-4);
    }

    [Fact]
    public void A_fresh_model_of_every_family_survives_saving()
    {
        foreach (var type in (string[])["llama", "qwen2", "qwen3", "gpt2"])
        {
            var config = ModelConfig.Nano(9) with { ModelType = type, HiddenSize = 16, IntermediateSize = 24, NumHiddenLayers = 1, NumKeyValueHeads = type == "gpt2" ? 4 : 2, HeadDim = type == "gpt2" ? null : 6 };
            using var model = new Transformer(config);
            var folder = Temporary();
            new PolicyCheckpoint(model, Tokenizer).Save(folder);
            using var loaded = PolicyCheckpoint.Load(folder);
            Assert.Equal(config.ToJson(), loaded.Model.Config.ToJson());
            Assert.Equal(model.Parameters.Keys, loaded.Model.Parameters.Keys);
        }
    }
}
