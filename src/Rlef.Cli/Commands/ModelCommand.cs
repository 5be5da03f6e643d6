using System.CommandLine;
using System.Text.Json;
using Rlef.Policy;
using static TorchSharp.torch;

namespace Rlef.Cli.Commands;

static class ModelCommand
{
    public static Command Create() => new("model", "Use a model of a Hugging Face folder or GGUF file (Llama, Qwen 2, Qwen 3, GPT-2) as it is.")
    {
        Score(), Generate(), Convert(), Import(),
    };

    static Option<string> Folder() => new("--model") { Description = $"The model: {PolicyOption.Names}. A folder has config.json, tokenizer.json and safetensors files.", Required = true };

    internal static Option<string> Type() => ChoiceOption.Create("--dtype",
        "Type of the weights in memory: float32, or bfloat16, half as large; a decoder on a processor keeps a copy in 32 bits.", "float32", "float32", "bfloat16");

    static Command Score()
    {
        var (folder, type, device) = (Folder(), Type(), DeviceOption.Create());
        var command = new Command("score", """
            Print the log-probability of each token of standard input's text, after those before it, as JSON.

            Example:  echo -n 'Once upon a time' | rlef model score --model my-model
            """) { folder, type, device };
        command.SetAction(async (parse, cancellation) =>
        {
            using var policy = PolicyCheckpoint.Load(await PolicyOption.FindAsync(parse.GetValue(folder)!, cancellation), Devices.Find(parse.GetValue(device)), parse.GetChoice<ScalarType>(type));
            var ids = policy.Tokenizer.EncodeMarkup(await Console.In.ReadToEndAsync(cancellation), addSpecial: true);
            // Nothing precedes the first token.
            float?[] logProbs = [.. ids.Take(1).Select(_ => (float?)null), .. SequenceScorer.LogProbs(policy.Model, ids)];
            var tokens = ids.Select(id => policy.Tokenizer.Decode([id], keepSpecial: true));
            Console.WriteLine(JsonSerializer.Serialize(new { ids, tokens, log_probs = logProbs, sum = logProbs.Sum(p => (double?)p) }));
        });
        return command;
    }

    static Command Generate()
    {
        var (folder, type, device) = (Folder(), Type(), DeviceOption.Create());
        var greedy = new Option<bool>("--greedy") { Description = "Always take the most likely token." };
        var most = new Option<int>("--max-tokens") { Description = "Longest continuation, in tokens.", DefaultValueFactory = _ => 128 };
        var temperature = new Option<double>("--temperature") { Description = "Divides the logits.", DefaultValueFactory = _ => 1 };
        var topP = new Option<double>("--top-p") { Description = "Smallest set of tokens of this probability.", DefaultValueFactory = _ => 1 };
        var topK = new Option<int>("--top-k") { Description = "Only so many of the most likely tokens; 0 for all.", DefaultValueFactory = _ => 0 };
        var minP = new Option<double>("--min-p")
        {
            Description = "Only tokens at least this likely, as a share of the most likely one's probability.", DefaultValueFactory = _ => 0,
        };
        var stop = new Option<string[]>("--stop") { Description = "Text at which to end; may be given several times." };
        var seed = new Option<ulong>("--seed") { Description = "Keys every random draw.", DefaultValueFactory = _ => 1 };
        var command = new Command("generate", """
            Continue standard input's text and print the continuation.

            Example:  echo -n 'Once upon a time' | rlef model generate --model my-model --greedy --max-tokens 50
            """)
        {
            folder, type, device, greedy, most, temperature, topP, topK, minP, stop, seed,
        };
        command.SetAction(async (parse, cancellation) =>
        {
            using var policy = PolicyCheckpoint.Load(await PolicyOption.FindAsync(parse.GetValue(folder)!, cancellation), Devices.Find(parse.GetValue(device)), parse.GetChoice<ScalarType>(type));
            var prompt = policy.Tokenizer.EncodeMarkup(await Console.In.ReadToEndAsync(cancellation), addSpecial: true);
            var sampling = new Sampling(parse.GetValue(greedy) ? 0 : parse.GetValue(temperature), parse.GetValue(topP), parse.GetValue(most))
            {
                TopK = parse.GetValue(topK), MinP = parse.GetValue(minP),
            };
            foreach (var text in TextGenerator.Continue(policy, prompt, sampling, parse.GetValue(stop) ?? [], parse.GetValue(seed)))
            {
                cancellation.ThrowIfCancellationRequested();
                Console.Write(text);
            }
            Console.WriteLine();
        });
        return command;
    }

    static Command Convert()
    {
        var source = new Argument<string>("SOURCE") { Description = "Policy: a Hugging Face folder, or a GGUF file of llama.cpp or Ollama, quantized or not." };
        var target = new Argument<string>("TARGET") { Description = "What to write: a GGUF file if it ends with .gguf, else a Hugging Face folder." };
        var type = ChoiceOption.Create("--type", "Type of the weights: f32 loses nothing of any source; f16 and bf16 have half the size, of which bf16 keeps the range and f16 more digits; "
            + "q8_0, for GGUF files, has a quarter.", "f16", "f32", "f16", "bf16", "q8_0");
        var command = new Command("convert", "Turn a Hugging Face folder into a GGUF file, so that what was trained runs in llama.cpp, or a GGUF file into a folder, for other libraries. " +
            "Weights, configuration, tokenizer and chat template go along. Training and evaluation need no conversion: --policy takes either. " +
            "Quantized weights become the numbers that they stand for; writing them again in a smaller type rounds once more.\n\n" + """
            Example:  rlef model convert runs/mine/policy mine.gguf --type q8_0
                      rlef model convert SmolLM2-135M-Instruct.Q4_1.gguf smollm2 --type f32
            """) { source, target, type };
        command.SetAction(async (parse, cancellation) =>
        {
            var (from, to) = (await PolicyOption.FindAsync(parse.GetValue(source)!, cancellation), parse.GetValue(target)!);
            OutputFolder.Check(to, from);
            var parameters = PolicyConversion.Run(from, to, parse.GetChoice<StoredType>(type));
            Console.WriteLine($"{parameters:N0} parameters: {to}{(Directory.Exists(to) ? ", a Hugging Face folder; the name of a GGUF file ends with .gguf" : "")}");
        });
        return command;
    }

    static Command Import()
    {
        var model = new Option<string>("--llama2c") { Description = "Checkpoint of llama2.c (.bin).", Required = true };
        var tokenizer = new Option<string>("--tokenizer") { Description = "Its tokenizer (.bin).", Required = true };
        var output = new Option<string>("--out") { Description = "Folder to write, as Hugging Face's libraries read it.", Required = true };
        var command = new Command("import", """
            Turn a checkpoint of llama2.c into a Hugging Face folder.

            Example:  rlef model import --llama2c stories260K.bin --tokenizer tok512.bin --out stories
            """) { model, tokenizer, output };
        command.SetAction(parse =>
        {
            OutputFolder.Check(parse.GetValue(output)!, null);
            using var policy = Llama2CFile.Load(parse.GetValue(model)!, parse.GetValue(tokenizer)!);
            policy.Save(parse.GetValue(output)!);
            Console.WriteLine($"{policy.Model.ParameterCount:N0} parameters: {parse.GetValue(output)}");
        });
        return command;
    }
}
