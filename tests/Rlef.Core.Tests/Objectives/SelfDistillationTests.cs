using Rlef.Dialogue;
using Rlef.Execution;
using Rlef.Experience;
using Rlef.Experiments;
using Rlef.Learning;
using Rlef.Objectives;
using Rlef.Policy;
using static TorchSharp.torch;

namespace Rlef.Core.Tests.Objectives;

public sealed class SelfDistillationTests
{
    static readonly double[] Student = [0.5, 0.3, 0.2], Teacher = [0.25, 0.25, 0.5];

    static double Loss(SelfDistillation distillation, long said = 0, double old = 0.5)
    {
        using var scope = NewDisposeScope();
        return distillation.Losses(tensor(Student, [1, 3]).log(), tensor(Teacher, [1, 3]).log(), tensor([said]), tensor([Math.Log(old)])).item<double>();
    }

    static double Kl(double[] p, double[] q) => p.Zip(q, (a, b) => a * Math.Log(a / b)).Sum();

    [Fact]
    public void Alpha_goes_from_one_divergence_to_the_other()
    {
        Assert.Equal(Kl(Teacher, Student), Loss(new() { Alpha = 0 }), 9);
        Assert.Equal(Kl(Student, Teacher), Loss(new() { Alpha = 1 }), 9);
        double[] mixture = [.. Student.Zip(Teacher, (s, t) => 0.75 * s + 0.25 * t)];
        Assert.Equal(0.25 * Kl(Teacher, mixture) + 0.75 * Kl(Student, mixture), Loss(new() { Alpha = 0.25 }), 9);
    }

    [Fact]
    public void Of_the_likeliest_tokens_the_rest_is_one_more_or_none()
    {
        Assert.Equal(Kl([0.5, 0.3, 0.2], [0.25, 0.25, 0.5]), Loss(new() { Alpha = 1, TopK = 2 }), 9);
        Assert.Equal(Kl([0.5, 0.5], [0.25, 0.75]), Loss(new() { Alpha = 1, TopK = 1 }), 9);
        Assert.Equal(Kl([0.625, 0.375], [0.5, 0.5]), Loss(new() { Alpha = 1, TopK = 2, Tail = false }), 9);
        Assert.Equal(Loss(new() { Alpha = 0.5 }), Loss(new() { Alpha = 0.5, TopK = 3 }), 9);
    }

    [Fact]
    public void A_stale_token_weighs_its_ratio_up_to_the_cap()
    {
        var once = Loss(new() { Alpha = 1, Cap = null });
        Assert.Equal(1.25 * once, Loss(new() { Alpha = 1 }, old: 0.4), 9);
        Assert.Equal(2 * once, Loss(new() { Alpha = 1 }, old: 0.1), 9);
    }

    [Fact]
    public void The_sampled_token_s_gradient_is_the_divergence_s_in_expectation()
    {
        using var scope = NewDisposeScope();
        float[] Gradient(Func<Tensor, Tensor> loss)
        {
            var logits = tensor(Student).log().to(ScalarType.Float32).requires_grad_(true);
            loss(nn.functional.log_softmax(logits, -1).unsqueeze(0)).backward();
            return logits.grad!.Floats();
        }
        var teacher = tensor(Teacher, [1, 3]).log().to(ScalarType.Float32);
        var old = tensor(Student).log().to(ScalarType.Float32);
        var expected = Gradient(s => new SelfDistillation { Alpha = 1, Cap = null }.Losses(s, teacher, tensor([0L]), old[0].unsqueeze(0)).sum());
        var sampled = new float[3];
        for (var said = 0; said < 3; said++)
            foreach (var (g, i) in Gradient(s => new SelfDistillation { Sampled = true, Cap = null }.Losses(s, teacher, tensor([(long)said]), old[said].unsqueeze(0)).sum()).Select((g, i) => (g, i)))
                sampled[i] += (float)Student[said] * g;
        Assert.All(expected.Zip(sampled), g => Assert.Equal(g.First, g.Second, 5));
    }

    [Fact]
    public void Hindsight_is_the_response_again_behind_its_feedback()
    {
        using var policy = PolicyCheckpoint.Load(Home.File("data", "nano", "base"));
        var format = new ChatFormat(policy.Files);
        int[] first = format.Response("```python\nprint(1)\n```"), second = format.Response("```python\nprint(2)\n```");
        Turn Of(int[] prompt, int[] response, Judgement seen) => new()
        {
            Observation = "o", Prompt = prompt, Response = response, LogProbs = new float[response.Length], Text = "", Truncated = false, Public = seen,
        };
        var (wrong, right) = (Episodes.Judged(VerdictKind.WrongAnswer), Episodes.Judged(VerdictKind.Accepted));
        var feedback = format.NextPrompt(FeedbackMessage.Compose(DialogueWording.Nano, Episodes.Problem, wrong), first[^1]);
        var episode = Episodes.Of(right, Of(format.FirstPrompt("s"), first, wrong), Of(feedback, second, right));
        var hindsight = Assert.Single(Hindsight.Of(episode, DialogueWording.Nano, format, 1000));
        Assert.Equal([.. format.FirstPrompt("s"), .. first, .. feedback, .. first], hindsight.Ids);
        var sequence = Episodes.Sequence(episode);
        foreach (var n in Enumerable.Range(0, first.Length))
            Assert.Equal(sequence.Ids[sequence.Positions[n] + 1], hindsight.Ids[sequence.Positions[n] + hindsight.Shift + 1]);
        Assert.Equal(hindsight.Ids.Length - 1, sequence.Positions[first.Length - 1] + hindsight.Shift + 1);
        Assert.Empty(Hindsight.Of(episode, DialogueWording.Nano, format, hindsight.Ids.Length - 1));
        var kept = System.Text.Json.JsonSerializer.Deserialize<Hindsight>(System.Text.Json.JsonSerializer.Serialize(hindsight))!;
        Assert.Equal(hindsight.Ids, kept.Ids);
        Assert.Equal((hindsight.Turn, hindsight.Shift), (kept.Turn, kept.Shift));
    }

    // Before what the tests said; where they said nothing, since only private ones failed, it is all there is to tell.
    [Fact]
    public void Hindsight_tells_of_a_solution_too()
    {
        using var policy = PolicyCheckpoint.Load(Home.File("data", "nano", "base"));
        var format = new ChatFormat(policy.Files);
        var response = format.Response("```python\nprint(1)\n```");
        Episode Of(Judgement seen, Judgement hidden, string? program = null) => Episodes.Of(hidden, new Turn
        {
            Observation = "o", Prompt = format.FirstPrompt("s"), Response = response, LogProbs = new float[response.Length], Text = "", Truncated = false, Public = seen,
            Code = program is null ? null : new(program, [], true),
        });
        var (wrong, right, wording) = (Episodes.Judged(VerdictKind.WrongAnswer), Episodes.Judged(VerdictKind.Accepted), DialogueWording.Nano);
        Episode[] round = [Of(right, wrong, "print(3)"), Of(right, right, "print(2)\n")];
        Assert.Equal(Told("Correct solution:\n\n```python\nprint(2)\n```\n\n" + FeedbackMessage.Compose(wording, Episodes.Problem, wrong)), Single(Of(wrong, wrong)));
        Assert.Equal(Told("Correct solution:\n\n```python\nprint(2)\n```\n\n" + wording.TryAgain), Single(Of(right, wrong)));
        Assert.Empty(Hindsight.Of(Of(right, wrong), wording, format, 1000));
        Assert.Empty(Hindsight.Of(Of(right, wrong), wording, format, 1000, round[0]));
        Assert.Empty(Hindsight.Of(Of(right, right), wording, format, 1000, round));
        Assert.Contains("samples_per_problem", Assert.Throws<ArgumentException>(() => (TrainingConfig.Nano with { Distillation = new() { Solutions = true } }).Check()).Message, StringComparison.Ordinal);

        int[] Single(Episode episode) => Assert.Single(Hindsight.Of(episode, wording, format, 1000, round)).Ids;
        int[] Told(string message) => [.. format.FirstPrompt("s"), .. response, .. format.NextPrompt(message, response[^1]), .. response];
    }

    [Fact]
    public void A_response_that_was_begun_for_the_policy_is_begun_in_its_hindsight_too()
    {
        using var policy = PolicyCheckpoint.Load(Home.File("data", "nano", "base"));
        var format = new ChatFormat(policy.Files);
        const string begun = "```python\n";
        int[] prompt = [.. format.FirstPrompt("s"), .. format.Tokenizer.Encode(begun)], response = format.Response("print(1)\n```");
        var wrong = Episodes.Judged(VerdictKind.WrongAnswer);
        var turn = new Turn { Observation = "o", Prompt = prompt, Prefix = begun, Response = response, LogProbs = new float[response.Length], Text = "", Truncated = false, Public = wrong };
        var hindsight = Assert.Single(Hindsight.Of(Episodes.Of(wrong, turn), DialogueWording.Nano, format, 1000));
        Assert.Equal([.. format.Tokenizer.Encode(begun), .. response], hindsight.Ids[^(format.Tokenizer.Encode(begun).Length + response.Length)..]);
        Assert.Equal(hindsight.Ids.Length, prompt.Length + response.Length + hindsight.Shift);
    }
}
