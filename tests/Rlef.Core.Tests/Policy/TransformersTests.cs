using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rlef.Learning;
using Rlef.Policy;
using static TorchSharp.torch;

namespace Rlef.Core.Tests.Policy;

/// <summary>
/// Folders that are saved here, read by transformers: full fine-tunes, merged adapters, adapters beside their model, and models that never had a folder.
/// The environment variable names a Python that has transformers.
/// </summary>
public sealed class TransformersTests : IDisposable
{
    const string Variable = "RLEF_TRANSFORMERS_PYTHON", Template = "{% for m in messages %}<|{{ m.role }}|>{{ m.content }}<eos>{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}";

    static readonly string Tokenizer = TokenizerFile.ToJson([.. BpeTrainer.Train([], 256, "x").Vocabulary.Where(t => "abcdefgh<|>user".Contains(t, StringComparison.Ordinal))], [], ["<eos>", "<|assistant|>"], TokenizerFile.SingleDigitPattern);
    static readonly int[] Ids = [.. Enumerable.Range(0, 20).Select(i => i * 7 % 19)];

    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    readonly IDisposable scope = NewDisposeScope();
    readonly string root = Directory.CreateTempSubdirectory("rlef-transformers-").FullName;

    public void Dispose()
    {
        scope.Dispose();
        Directory.Delete(root, recursive: true);
    }

    static string Python()
    {
        var python = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(string.IsNullOrEmpty(python), $"{Variable} names no Python that has transformers.");
        return python!;
    }

    [Theory]
    [InlineData("llama3_1")]
    [InlineData("qwen3")]
    public async Task Chat_templates_write_what_transformers_writes(string name)
    {
        const string script = """
            import json, sys
            from transformers import AutoTokenizer
            tokenizer = AutoTokenizer.from_pretrained(sys.argv[1])
            def render(dialogue):
                try:
                    text = tokenizer.apply_chat_template(dialogue['messages'], tokenize=False, add_generation_prompt=dialogue['prompt'], **dialogue['more'])
                except Exception:
                    return None
                return dict(text=text, ids=tokenizer(text, add_special_tokens=False)['input_ids'])
            print(json.dumps([render(d) for d in json.load(sys.stdin)]))
            """;
        var python = Python();
        var folder = Path.GetFullPath(SharedData.Require("tokenizers", name));
        var (template, tokenizer) = (ChatTemplate.Load(folder)!, TokenizerFile.Load(Path.Combine(folder, "tokenizer.json")));
        var random = new Random(5);
        string[] roles = ["system", "tool", "ipython", "assistant", "user"];
        string[] pieces = ["Hello", " ", "\n", "\n\n", "\t", "<think>", "</think>", "<tool_response>", "<|eot_id|>", "<|im_end|>", "{\"a\": 1}", "é", "\u0301", "😀", "'", "\"", "\\", "{{ x }}", "```python\nprint(1)\n```"];
        string Content() => string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => pieces[random.Next(pieces.Length)]));
        // Mostly in turn, after a system message or none, now and then in any order.
        string Role(int i) => random.Next(10) == 0 ? roles[random.Next(roles.Length)] : i % 2 == 1 ? "assistant" : i == 0 && random.Next(2) == 0 ? "system" : "user";
        var dialogues = Enumerable.Range(0, 400).Select(_ => new
        {
            messages = Enumerable.Range(0, random.Next(1, 8)).Select(i => new { role = Role(i), content = Content() }).ToList(),
            prompt = random.Next(2) > 0,
            more = random.Next(2) > 0 ? new Dictionary<string, object?>() : new() { ["enable_thinking"] = random.Next(2) > 0, ["date_string"] = "1 May 2026" },
        }).ToList();
        var answers = JsonNode.Parse(await RunAsync(python, ["-c", script, folder], JsonSerializer.Serialize(dialogues)))!.AsArray();
        Assert.True(answers.Count(a => a is not null) > 200);
        foreach (var (dialogue, answer) in dialogues.Zip(answers))
        {
            string? text = null;
            try
            {
                text = template.Render(dialogue.messages.Select(m => new ChatMessage(m.role, m.content)), dialogue.prompt, dialogue.more);
            }
            catch (InvalidDataException) when (answer is null)
            {
            }
            Assert.Equal((string?)answer?["text"], text);
            if (text is not null)
                Assert.Equal(answer!["ids"]!.AsArray().Select(i => (int)i!), tokenizer.EncodeMarkup(text));
        }
    }

    [Fact]
    public async Task Saved_folders_are_read_without_a_complaint()
    {
        var python = Python();
        foreach (var source in Directory.GetDirectories(References.Path("families")))
        {
            var (name, family) = (Path.GetFileName(source), Path.Combine(root, "source of " + Path.GetFileName(source)));
            Directory.CreateDirectory(family);
            foreach (var file in Directory.GetFiles(source))
                File.Copy(file, Path.Combine(family, Path.GetFileName(file)));
            File.WriteAllText(Path.Combine(family, "tokenizer.json"), Tokenizer);
            File.WriteAllText(Path.Combine(family, "chat_template.jinja"), Template);
            using (var policy = PolicyCheckpoint.Load(family))
            {
                Train(policy.Model);
                Save(policy, $"{name}, fine-tuned");
            }
            using (var policy = PolicyCheckpoint.Load(family, dtype: ScalarType.BFloat16))
                Save(policy, $"{name}, bfloat16");
            using (var policy = PolicyCheckpoint.Load(family))
            {
                policy.Model.AddLora(new(Rank: 3, Alpha: 12));
                Train(policy.Model);
                Save(policy, $"{name}, merged");
            }
            using (var policy = PolicyCheckpoint.Load(family))
            {
                // The model as it was, and what it computes with adapters.
                var folder = Path.Combine(root, $"{name}, adapters");
                policy.Save(folder);
                policy.Model.AddLora(new(Rank: 2, Alpha: 8, policy.Model.Config.IsGpt2 ? ["c_attn", "c_proj"] : ["q_proj", "v_proj", "down_proj"]));
                Train(policy.Model);
                LoraFile.Save(policy.Model, Path.Combine(folder, "adapters"), folder);
                Describe(policy, folder);
            }
        }
        foreach (var type in (string[])["llama", "qwen2", "qwen3", "gpt2"])
        {
            var config = ModelConfig.Nano(32) with { ModelType = type, HiddenSize = 16, IntermediateSize = 24, NumHiddenLayers = 1, NumKeyValueHeads = type == "gpt2" ? 4 : 2, TieWordEmbeddings = type != "qwen3" };
            using var policy = new PolicyCheckpoint(new Transformer(config), Tokenizer, Template);
            Save(policy, $"new {type}");
        }
        var complaints = JsonNode.Parse(await RunAsync(python, [References.Path("read_folders.py"), root]))!.ToJsonString(Indented);
        Assert.True(complaints == "[]", complaints);
    }

    static void Train(Transformer model)
    {
        using var optimizer = new AdamW(model.Trained);
        for (var step = 0; step < 3; step++)
        {
            optimizer.ClearGradients();
            SupervisedTrainer.Loss(model, [new(Ids, [.. Ids.Select((_, t) => t > 0)])]).backward();
            optimizer.Step(0.02);
        }
    }

    void Save(PolicyCheckpoint policy, string name)
    {
        policy.Save(Path.Combine(root, name));
        Describe(policy, Path.Combine(root, name));
    }

    static void Describe(PolicyCheckpoint policy, string folder)
    {
        using var _ = no_grad();
        var logits = policy.Model.Logits(policy.Model.Hidden(tensor([.. Ids.Select(i => (long)i)], [1, Ids.Length]))).to(ScalarType.Float32);
        ChatMessage[] dialogue = [new("user", "abc"), new("assistant", " defg"), new("user", "feed")];
        File.WriteAllText(Path.Combine(folder, "ours.json"), JsonSerializer.Serialize(new
        {
            ids = new[] { Ids },
            logits = new[] { logits.contiguous().data<float>().ToArray().Chunk(policy.Model.Config.VocabSize) },
            tolerance = policy.Model.Dtype == ScalarType.Float32 ? 1e-5 : 0.05,
            dtype = policy.Model.Dtype.ToString().ToLowerInvariant(),
            ends = policy.EndTokens,
            texts = ((string[])["abc", "<|assistant|>bad<eos>", "hugs<eos>"]).ToDictionary(t => t, t => policy.Tokenizer.EncodeMarkup(t, addSpecial: true)),
            dialogues = new[] { 1, 2, 3 }.SelectMany(n => new[] { true, false }, (n, prompt) => new
            {
                messages = dialogue.Take(n).Select(m => new { role = m.Role, content = m.Content }),
                prompt,
                text = policy.Files.ChatTemplate!.Render(dialogue.Take(n), prompt),
            }),
        }));
    }

    static async Task<string> RunAsync(string python, string[] arguments, string input = "")
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var process = Process.Start(new ProcessStartInfo(python, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(cancellation), process.StandardError.ReadToEndAsync(cancellation));
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync(cancellation);
        Assert.True(process.ExitCode == 0, await errors);
        return await output;
    }
}
