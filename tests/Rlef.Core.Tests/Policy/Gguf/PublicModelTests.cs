using Rlef.Policy;
using static TorchSharp.torch;

namespace Rlef.Core.Tests.Policy;

/// <summary>A real quantized model gives the numbers and the text that transformers gives on the same weights.</summary>
public sealed class PublicModelTests(PublicModelTests.Loaded loaded) : IClassFixture<PublicModelTests.Loaded>
{
    const double Tolerance = 1e-3;
    const long Padding = 2;

    public sealed class Loaded : IDisposable
    {
        readonly Lazy<PolicyCheckpoint> policy = new(() => PolicyCheckpoint.Load(PublicModel.Path));

        public PolicyCheckpoint Policy => policy.Value;

        public void Dispose()
        {
            if (policy.IsValueCreated)
                policy.Value.Dispose();
        }
    }

    [Fact]
    public void Weights_are_those_that_the_file_stands_for()
    {
        using var file = new GgufFile(PublicModel.Path);
        foreach (var golden in PublicModel.Weights)
        {
            var elements = file.Elements(golden.Tensor);
            Assert.Equal(golden.Type, file.Entries[golden.Tensor].Type.Name);
            Assert.Equal(golden.Sum, elements.Sum(x => (double)x), 1e-6 * Math.Sqrt(golden.SumOfSquares * elements.Length));
            Assert.Equal(golden.SumOfSquares, elements.Sum(x => (double)x * x), 1e-6 * golden.SumOfSquares);
            Assert.Equal(golden.ShapeRowsColumns, file.Entries[golden.Tensor].Shape);
            Assert.All(golden.Values, v => Assert.Equal(v[1], elements[(int)v[0]], 1e-7 * Math.Abs(v[1])));
        }
    }

    [Fact]
    public void Texts_and_dialogues_become_the_same_tokens()
    {
        var files = PolicyFiles.Read(PublicModel.Path);
        foreach (var golden in PublicModel.Tokenization)
            Assert.Equal(golden.Ids, files.Tokenizer.EncodeMarkup(golden.Text, addSpecial: true));
        foreach (var golden in PublicModel.Chats)
        {
            var text = files.ChatTemplate!.Render(golden.Messages.Select(m => new ChatMessage(m.Role, m.Content)), golden.AddGenerationPrompt);
            Assert.Equal(golden.Text, text);
            Assert.Equal(golden.Ids, files.Tokenizer.EncodeMarkup(text));
        }
        Assert.Equal([2], files.EndTokens);
    }

    [Fact]
    public void Logits_and_probabilities_are_the_same()
    {
        foreach (var prompt in PublicModel.Prompts)
        {
            Assert.Equal(prompt.Ids, loaded.Policy.Tokenizer.EncodeMarkup(prompt.Text));
            PublicModel.AssertLogits(prompt, PublicModel.LogitsOf(loaded.Policy.Model, prompt.Ids, prompt.Logits.Select(l => l.Position)), Tolerance);
            Assert.Equal(prompt.SumLogProbOfText, SequenceScorer.LogProbs(loaded.Policy.Model, prompt.Ids).Sum(p => (double)p), Tolerance * Math.Max(1, Math.Abs(prompt.SumLogProbOfText)));
        }
    }

    [Fact]
    public void The_likeliest_continuation_is_the_same_text()
    {
        foreach (var prompt in PublicModel.Prompts)
        {
            var ids = TextGenerator.Continue(loaded.Policy.Model, prompt.Ids, new Sampling(0, MaxTokens: 200), [2]).ToArray();
            // The recorded ones hold the token that ends a text.
            Assert.Equal(prompt.Greedy.Ids.TakeWhile(id => id != 2), ids);
            Assert.Equal(prompt.Greedy.Text, loaded.Policy.Tokenizer.Decode(prompt.Greedy.Ids, keepSpecial: true));
        }
    }

    // AdamW at 1e-4 without decay; the loss is the mean over all completion tokens. Where transformers looks a padding token up, it takes no gradient for it, and
    // this model's padding token ends its turns: its row has the gradient of the output layer alone.
    [Fact]
    public void Steps_of_training_are_the_same()
    {
        using var policy = PolicyCheckpoint.Load(PublicModel.Path, CPU);
        var model = policy.Model;
        using var optimizer = optim.AdamW(model.Parameters.Values, 1e-4, weight_decay: 0);
        var count = PublicModel.Sequences.Sum(s => s.CompletionIds.Length);
        // AdamW divides by the gradients' sizes: after a step small ones have moved their weights as far as large ones, and so has their rounding.
        var tolerance = Tolerance;
        foreach (var golden in PublicModel.Steps)
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            List<double[]> logProbs = [];
            var padding = zeros(model.Config.HiddenSize);
            foreach (var sequence in PublicModel.Sequences)
            {
                int[] ids = [.. sequence.PromptIds, .. sequence.CompletionIds];
                var rows = model.Hidden(tensor([.. ids.Select(i => (long)i)], [1, ids.Length])).squeeze(0).narrow(0, sequence.PromptIds.Length - 1, sequence.CompletionIds.Length);
                var targets = tensor([.. sequence.CompletionIds.Select(i => (long)i)]);
                var all = nn.functional.log_softmax(model.Logits(rows), -1);
                var of = all.gather(1, targets.unsqueeze(1)).squeeze(1);
                var slope = (all.detach().select(1, Padding).exp() - targets.eq(Padding).to(ScalarType.Float32)) / count;
                padding += nn.functional.linear(slope.unsqueeze(0), rows.detach().t()).squeeze(0);
                logProbs.Add([.. of.Floats().Select(p => (double)p)]);
                (-of.sum() / count).backward();
            }
            model.Parameters["model.embed_tokens.weight"].grad![Padding].copy_(padding);
            Assert.Equal(golden.Loss, -logProbs.Sum(l => l.Sum()) / count, tolerance * golden.Loss);
            double Norm(Tensor gradient) => gradient.norm().item<float>();
            Assert.Equal(golden.GradientNorm, Math.Sqrt(model.Parameters.Values.Sum(p => Math.Pow(Norm(p.grad!), 2))), tolerance * golden.GradientNorm);
            foreach (var (want, have) in (golden.LogProbs ?? []).Zip(logProbs))
                Assert.All(want.Zip(have), p => Assert.Equal(p.First, p.Second, Tolerance));
            foreach (var (name, norm) in golden.GradientNorms ?? [])
                Assert.Equal(norm, Norm(model.Parameters[name].grad!), Tolerance * norm);
            foreach (var (name, values) in golden.Gradients ?? [])
                Assert.All(values.Zip(model.Parameters[name].grad!.view(-1).narrow(0, 0, values.Length).Floats()),
                    p => Assert.Equal(p.First, p.Second, Tolerance * values.Max(Math.Abs)));
            optimizer.step();
            tolerance = 1e-2;
        }
    }
}
