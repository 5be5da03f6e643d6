using Rlef.Policy;

namespace Rlef.Core.Tests.Policy;

/// <summary>A real quantized model gives the numbers and the text that transformers gives on the same weights.</summary>
public sealed class PublicModelTests(PublicModelTests.Loaded loaded) : IClassFixture<PublicModelTests.Loaded>
{
    const double Tolerance = 1e-3;
    const int Tokens = 60;

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
            var ids = TextGenerator.Continue(loaded.Policy.Model, prompt.Ids, new Sampling(0, MaxTokens: Tokens), [2]).ToArray();
            // The recorded ones hold the token that ends a text.
            Assert.Equal(prompt.Greedy.Ids.TakeWhile(id => id != 2).Take(Tokens), ids);
            Assert.Equal(prompt.Greedy.Text, loaded.Policy.Tokenizer.Decode(prompt.Greedy.Ids, keepSpecial: true));
        }
    }
}
