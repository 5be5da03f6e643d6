using Rlef.Core.Tests.Dialogue;
using Rlef.Core.Tests.Policy;
using Rlef.Dialogue;
using Rlef.Experiments;
using Rlef.Learning;
using Rlef.Policy;
using Rlef.Problems;
using Rlef.Rewards;
using static TorchSharp.torch;

namespace Rlef.Core.Tests.Learning;

/// <summary>RLEF from end to end on small random models in folders as Hugging Face has them.</summary>
public sealed class ChatModelTrainingTests(Sandboxes sandboxes) : IDisposable
{
    static readonly TrainingConfig Few = TrainingConfig.Nano with
    {
        Updates = 2,
        ProblemsPerUpdate = 3,
        Minibatches = 1,
        TurnLimit = 2,
        MaxResponseTokens = 12,
        MaxDialogueTokens = 1024,
        LearningRate = 1e-3,
    };

    readonly string folder = Directory.CreateTempSubdirectory("rlef-chat-").FullName;

    string Base => Path.Combine(folder, "base");

    public void Dispose() => Directory.Delete(folder, true);

    static ModelConfig Tiny(string type, int vocabulary) => ModelConfig.Nano(vocabulary) with
    {
        Architectures = [type switch { "qwen2" => "Qwen2ForCausalLM", "qwen3" => "Qwen3ForCausalLM", _ => "LlamaForCausalLM" }],
        ModelType = type,
        HiddenSize = 16,
        HeadDim = type == "qwen3" ? 8 : null,
        IntermediateSize = 24,
        NumHiddenLayers = 2,
        TieWordEmbeddings = type != "llama",
    };

    // A folder as it would be downloaded: configuration, tokenizer, template and weights.
    void Make(string type, string tokenizerJson, Action writeTemplate)
    {
        manual_seed(7);
        using var model = new Transformer(Tiny(type, TokenizerFile.Parse(tokenizerJson).VocabularySize + 5));
        using var policy = new PolicyCheckpoint(model, tokenizerJson);
        policy.Save(Base);
        writeTemplate();
    }

    async Task TrainAsync()
    {
        using var before = PolicyCheckpoint.Load(Base);
        using var policy = PolicyCheckpoint.Load(Base);
        var wording = DialogueWording.CodeContests;
        var setup = new TrainingSetup(new ProblemSet("train", Laboratory.Nano("train").Take(3)), sandboxes.Judge(), new ChatFormat(policy.Files), wording,
            new RealFeedback(wording), new TokenSumReward());
        var run = new RunDirectory(Path.Combine(folder, "run"));
        using (var trainer = new RlefTrainer(policy.Model, setup, Few))
            await trainer.TrainAsync(run);
        foreach (var metrics in run.ReadMetrics())
        {
            // What was sampled is what is learned from: same tokens, same log-probabilities.
            Assert.InRange(metrics["behaviour_gap"], 0, 1e-3);
            Assert.InRange(metrics["ratio_max"], 1 - 1e-3, 1 + 1e-3);
            Assert.Equal(2, metrics["turns"]);
            Assert.True(metrics["gradient_norm"] > 0);
        }
        var saved = Path.Combine(folder, "saved");
        policy.Save(saved);
        AssertSaved(saved, before, policy);
    }

    // Every file of the model's folder is there again, as it was; only the weights have changed.
    void AssertSaved(string saved, PolicyCheckpoint before, PolicyCheckpoint policy)
    {
        foreach (var path in Directory.GetFiles(Base).Where(p => !p.EndsWith(".safetensors", StringComparison.Ordinal)))
            Assert.Equal(File.ReadAllText(path), File.ReadAllText(Path.Combine(saved, Path.GetFileName(path))), ignoreAllWhiteSpace: true);
        using var again = PolicyCheckpoint.Load(saved);
        Assert.Equal(before.Model.Parameters.Keys, again.Model.Parameters.Keys);
        foreach (var (name, weight) in again.Model.Parameters)
            Assert.Equal(policy.Model.Parameters[name].Floats(), weight.Floats());
        Assert.Contains(again.Model.Parameters, p => !p.Value.Floats().SequenceEqual(before.Model.Parameters[p.Key].Floats()));
        Assert.Equal(new ChatFormat(before.Files).FirstPrompt("x"), new ChatFormat(again.Files).FirstPrompt("x"));
    }

    [Theory]
    [InlineData("qwen2", "chatml")]
    [InlineData("llama", "llama3")]
    public async Task A_chat_model_learns_by_its_own_template_and_is_saved_as_it_came(string type, string style)
    {
        Make(type, ChatModels.TokenizerJson(ChatModels.Styles[style]), () =>
            File.WriteAllText(Path.Combine(Base, "chat_template.jinja"), ChatModels.Styles[style].Template));
        await TrainAsync();
    }

    [Theory]
    [InlineData("qwen3", "qwen3")]
    [InlineData("llama", "llama3_1")]
    public async Task A_model_with_a_public_tokenizer_learns_too(string type, string name)
    {
        var source = SharedData.Require("tokenizers", name);
        Make(type, File.ReadAllText(Path.Combine(source, "tokenizer.json")), () =>
            File.Copy(Path.Combine(source, "tokenizer_config.json"), Path.Combine(Base, "tokenizer_config.json")));
        await TrainAsync();
    }
}
