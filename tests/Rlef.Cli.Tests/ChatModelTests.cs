using Rlef.Dialogue;
using Rlef.Experiments;
using Rlef.Policy;

namespace Rlef.Cli.Tests;

public sealed class ChatModelTests : IDisposable
{
    readonly TrainFolder folder = new();

    public void Dispose() => folder.Dispose();

    // The shipped policy's weights and tokenizer, with another template or none.
    string Policy(string? template)
    {
        var policy = Directory.CreateDirectory(folder.File("chat")).FullName;
        foreach (var name in (string[])["config.json", "tokenizer.json", "model.safetensors"])
            File.Copy(Home.File("data", "nano", "base", name), Path.Combine(policy, name));
        if (template is not null)
            File.WriteAllText(Path.Combine(policy, "chat_template.jinja"), template);
        return policy;
    }

    Task<(int Code, string Output, string Error)> TrainAsync(string policy, params string[] more) => Processes.RunAsync("dotnet",
        [.. folder.Arguments(folder.File("run"), 1), "--policy", policy, .. more.Contains("--wording") ? more : ["--wording", "codecontests", "--max-tokens", "16", .. more]]);

    [Fact]
    public async Task A_policy_trains_by_its_own_template_which_is_saved_with_it()
    {
        const string template = "{% for m in messages %}<|{{ m.role }}|>{{ m.role }}: {{ m.content | trim }}<|end|>\n{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}";
        var (code, output, error) = await TrainAsync(Policy(template));
        Assert.True(code == 0, error);
        Assert.Contains(folder.File("run", "policy"), output);
        Assert.Equal(template, File.ReadAllText(folder.File("run", "policy", "chat_template.jinja")));
        Assert.Contains("Provide a Python solution", File.ReadAllText(folder.File("run", "episodes.jsonl")));
    }

    [Fact]
    public async Task Adapters_are_saved_beside_the_policy_that_they_are_merged_into()
    {
        // Enough dialogues for some to be paid more than others.
        File.WriteAllText(folder.File("config.json"), """{"problems_per_update": 12, "minibatches": 2}""");
        var (code, _, error) = await TrainAsync(Policy(PlainChat.Template), "--lora-rank", "2", "--schedule", "cosine", "--wording", "nano");
        Assert.True(code == 0, error);
        using PolicyCheckpoint merged = PolicyCheckpoint.Load(folder.File("run", "policy")), adapted = PolicyCheckpoint.Load(folder.File("chat"));
        var before = adapted.Model.Parameters.ToDictionary(p => p.Key, p => p.Value.data<float>().ToArray());
        LoraFile.Load(adapted.Model, folder.File("run", "adapters"));
        adapted.Save(folder.File("adapted"));
        using var saved = PolicyCheckpoint.Load(folder.File("adapted"));
        foreach (var (name, weight) in merged.Model.Parameters)
            Assert.All(weight.data<float>().ToArray().Zip(saved.Model.Parameters[name].data<float>().ToArray()), p => Assert.Equal(p.First, p.Second, 1e-6));
        const string query = "model.layers.0.self_attn.q_proj.weight";
        Assert.NotEqual(before[query], merged.Model.Parameters[query].data<float>().ToArray());
    }

    [Fact]
    public async Task A_policy_without_a_template_is_refused_in_one_line()
    {
        var policy = Policy(null);
        var (code, _, error) = await TrainAsync(policy);
        Assert.Equal(1, code);
        Assert.StartsWith($"rlef: {policy} has no chat template", error);
        Assert.Single(error.Trim().Split('\n'));
    }
}
