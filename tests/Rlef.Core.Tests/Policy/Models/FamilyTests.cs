using System.Text.Json;
using Rlef.Learning;
using Rlef.Policy;
using static TorchSharp.torch;

namespace Rlef.Core.Tests.Policy;

/// <summary>Models of every family against what transformers computes from the same folders; Reference/make_families.py made both.</summary>
public sealed class FamilyTests : IDisposable
{
    const int B = 2, T = 24, V = 48, Prompt = 7;
    const double Tolerance = 1e-5;   // of the largest absolute value of the tensor

    static readonly string Tokenizer = TokenizerFile.ToJson([.. "abcdefgh".Select(c => c.ToString())], [], ["<eos>"], TokenizerFile.SingleDigitPattern);
    static readonly string Folder = References.Path("families");

    readonly IDisposable scope = NewDisposeScope();
    readonly List<string> folders = [];

    public static TheoryData<string> Families => [.. Directory.GetDirectories(Folder).Select(f => Path.GetFileName(f)!).Order()];

    // Dynamic scaling has no positions beyond the model's own.
    public static TheoryData<string> Rotating => [.. Families.Select(f => f.Data).Where(f => !f.StartsWith("gpt2", StringComparison.Ordinal) && f != "llama-dynamic")];

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
        foreach (var file in Directory.GetFiles(Path.Combine(Folder, family)))
            if (Path.GetFileName(file) != "expected.safetensors")
                File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        File.WriteAllText(Path.Combine(folder, "tokenizer.json"), Tokenizer);
        return folder;
    }

    static Dictionary<string, Tensor> Expected(string family)
    {
        using var file = new SafetensorsFile(Path.Combine(Folder, family, "expected.safetensors"));
        var expected = file.Header.Entries.ToDictionary(e => e.Key, e => zeros(e.Value.Shape));
        foreach (var (name, tensor) in expected)
            file.CopyTo(file.Header.Entries[name], tensor);
        Assert.Equal([B, T], expected["ids"].shape);
        Assert.Equal([B, T, V], expected["logits"].shape);
        return expected;
    }

    static int[] Integers(Tensor tensor) => [.. tensor.Floats().Select(x => (int)x)];

    static void AssertClose(Tensor expected, Tensor actual, string what, double tolerance = Tolerance)
    {
        Assert.Equal(expected.shape, actual.shape);
        float[] want = expected.Floats(), have = actual.Floats();
        var largest = want.Max(Math.Abs);
        Assert.True(largest > 0, $"{what}: the reference is empty");
        var worst = want.Zip(have).Max(p => Math.Abs((double)p.First - p.Second)) / largest;
        Assert.True(worst <= tolerance, $"{what}: off by {worst:E2} of its largest value");
    }

    static Tensor Logits(Transformer model, Tensor ids)
    {
        using var _ = no_grad();
        return model.Logits(model.Hidden(ids.to(ScalarType.Int64).Here()));
    }

    [Theory, MemberData(nameof(Families))]
    public void Logits_equal_the_reference(string family)
    {
        using var policy = PolicyCheckpoint.Load(FolderOf(family));
        var expected = Expected(family);
        AssertClose(expected["logits"], Logits(policy.Model, expected["ids"]), "rows");
        using var _ = no_grad();
        // One sequence behind the other, the first cut short.
        Tensor Both(Tensor rows) => cat([rows.select(0, 0).narrow(0, 0, T - 5), rows.select(0, 1)]);
        var packed = Both(expected["ids"]).to(ScalarType.Int64).unsqueeze(0).Here();
        AssertClose(Both(expected["logits"]), policy.Model.Logits(policy.Model.Hidden(packed, [T - 5, T])).squeeze(0), "packed");
    }

    [Theory, MemberData(nameof(Rotating))]
    public void Far_positions_are_turned_as_in_the_reference(string family)
    {
        using var policy = PolicyCheckpoint.Load(FolderOf(family));
        var expected = Expected(family);
        var config = policy.Model.Config;
        var frequencies = Rotary.Frequencies(config);
        int[] far = [1000, 8191, 60001];
        float[] cos = expected["cos"].Floats(), sin = expected["sin"].Floats();
        for (var row = 0; row < far.Length; row++)
            for (var i = 0; i < config.HeadSize; i++)
            {
                var (c, s) = Rotary.Turn(config, far[row], frequencies[i % frequencies.Length]);
                Assert.Equal(cos[row * config.HeadSize + i], c, 1e-6);
                Assert.Equal(sin[row * config.HeadSize + i], s, 1e-6);
            }
    }

    [Theory, MemberData(nameof(Families))]
    public void Decoded_logits_equal_the_reference(string family)
    {
        using var policy = PolicyCheckpoint.Load(FolderOf(family));
        var expected = Expected(family);
        var ids = Integers(expected["ids"]);
        Assert.Equal(Tensors.OnCpu && !family.StartsWith("gpt2", StringComparison.Ordinal), FusedDecoder.CanDecode(policy.Model));
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
    public void Greedy_continuations_and_their_ends_equal_the_reference(string family)
    {
        using var policy = PolicyCheckpoint.Load(FolderOf(family));
        var expected = Expected(family);
        const int most = 12;
        var greedy = new Sampling(Temperature: 0, MaxTokens: most);
        int[] prompt = [.. Integers(expected["ids"]).Take(Prompt)], wanted = Integers(expected["greedy"]);
        // A continuation that is shorter than allowed has met an end token, which the reference shows and we do not.
        Assert.Equal(policy.EndTokens.Count > 0, wanted.Length < most);
        Assert.Equal(policy.EndTokens.Count > 0 ? wanted[..^1] : wanted, TextGenerator.Continue(policy.Model, prompt, greedy, policy.EndTokens));
        using var decoder = new TensorDecoder(policy.Model, 1, Prompt + most);
        var logits = new float[V];
        foreach (var token in wanted)
        {
            decoder.Append([0], [decoder.Length(0) == 0 ? prompt : prompt.AsMemory(Prompt - 1, 1)], logits);
            Assert.Equal(token, prompt[Prompt - 1] = System.Numerics.Tensors.TensorPrimitives.IndexOfMax(logits));
        }
    }

    [Theory, MemberData(nameof(Families))]
    public void Gradients_equal_the_reference(string family)
    {
        using var policy = PolicyCheckpoint.Load(FolderOf(family));
        var expected = Expected(family);
        var batch = Integers(expected["ids"]).Chunk(T).Select(row => new SupervisedTrainer.Example(row, [.. row.Select((_, t) => t > 0)])).ToList();
        SupervisedTrainer.Loss(policy.Model, batch).backward();
        Assert.Equal(policy.Model.Parameters.Count, expected.Keys.Count(n => n.StartsWith("gradients.", StringComparison.Ordinal)));
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
            Assert.Equal(parameter.Floats(), again.Model.Parameters[name].Floats());
        Assert.Equal(policy.EndTokens, again.EndTokens);
        Assert.Equal("{{ messages[0].content }}", File.ReadAllText(Path.Combine(target, "chat_template.jinja")));
        // All fields stay, also those that Rlef has no use for; only the type of the weights is now another.
        using var before = JsonDocument.Parse(File.ReadAllText(Path.Combine(source, "config.json")));
        using var after = JsonDocument.Parse(File.ReadAllText(Path.Combine(target, "config.json")));
        foreach (var field in before.RootElement.EnumerateObject())
            Assert.Equal(field.Name is "torch_dtype" or "dtype" ? "float32" : field.Value.ToString().Replace(" ", "").Replace("\n", ""), after.RootElement.GetProperty(field.Name).ToString().Replace(" ", "").Replace("\n", ""));
    }

    [Theory, MemberData(nameof(Families))]
    public void Sixteen_bit_weights_err_no_more_than_in_the_reference(string family)
    {
        using var policy = PolicyCheckpoint.Load(FolderOf(family), dtype: ScalarType.BFloat16);
        var expected = Expected(family);
        var error = (Logits(policy.Model, expected["ids"]).to(ScalarType.Float32) - expected["logits"]).Square().mean().sqrt().item<float>();
        Assert.InRange(error, 1e-4, 1.5 * expected["bfloat16_error"].item<float>());
        var target = Temporary();
        policy.Save(target);
        Assert.Contains("\"BF16\"", System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(Path.Combine(target, "model.safetensors")).AsSpan(0, 2000)));
        Assert.Contains("bfloat16", File.ReadAllText(Path.Combine(target, "config.json")));
    }

    [Theory, MemberData(nameof(Families))]
    public void Scores_equal_those_of_the_reference(string family)
    {
        using var policy = PolicyCheckpoint.Load(FolderOf(family));
        var expected = Expected(family);
        int[] ids = Integers(expected["ids"])[..T];
        var logProbs = expected["logits"].select(0, 0).log_softmax(-1).Floats();
        var scores = SequenceScorer.LogProbs(policy.Model, ids);
        Assert.Equal(T - 1, scores.Length);
        for (var t = 1; t < T; t++)
            Assert.Equal(logProbs[(t - 1) * V + ids[t]], scores[t - 1], 1e-4);
    }

    [Theory]
    [InlineData("llama3.1-bf16", "model.embed_tokens.weight")]
    [InlineData("gpt2-original", "wte.weight")]
    public void A_tied_head_may_stand_in_the_file_but_not_differ(string family, string embedding)
    {
        var folder = FolderOf(family);
        var path = Path.Combine(folder, "model.safetensors");
        var tensors = new Dictionary<string, Tensor>();
        using (var file = new SafetensorsFile(path))
            foreach (var (name, entry) in file.Header.Entries)
                file.CopyTo(entry, tensors[name] = zeros(entry.Shape));
        Safetensors.Write(path, [.. tensors.Select(t => (t.Key, t.Value)), ("lm_head.weight", tensors[embedding])]);
        PolicyCheckpoint.Load(folder).Dispose();
        Safetensors.Write(path, [.. tensors.Select(t => (t.Key, t.Value)), ("lm_head.weight", tensors[embedding].Mul(2))]);
        var message = Assert.Throws<InvalidDataException>(() => PolicyCheckpoint.Load(folder)).Message;
        Assert.Contains("tie_word_embeddings", message);
        Assert.Contains(embedding, message);
    }

    [Fact]
    public void A_fresh_model_of_every_family_survives_saving()
    {
        foreach (var type in (string[])["llama", "qwen2", "qwen3", "gpt2"])
        {
            var config = ModelConfig.Nano(9) with { ModelType = type, HiddenSize = 16, IntermediateSize = 24, NumHiddenLayers = 1, NumKeyValueHeads = type == "gpt2" ? 4 : 2, HeadDim = type is "llama" or "qwen2" ? 6 : null };
            using var model = new Transformer(config);
            var folder = Temporary();
            new PolicyCheckpoint(model, Tokenizer).Save(folder);
            using var loaded = PolicyCheckpoint.Load(folder);
            Assert.Equal((config.HeadSize, config.ToJson()), (loaded.Model.Config.HeadSize, loaded.Model.Config.ToJson()));
            Assert.Equal(model.Parameters.Keys, loaded.Model.Parameters.Keys);
        }
    }
}
