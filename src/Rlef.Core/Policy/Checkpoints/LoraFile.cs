using System.Text.Json;
using System.Text.Json.Nodes;
using Rlef.Storage;
using static TorchSharp.torch;

namespace Rlef.Policy;

/// <summary>Adapters as a folder of Hugging Face's PEFT: <c>adapter_config.json</c> and <c>adapter_model.safetensors</c>.</summary>
public static class LoraFile
{
    const string Config = "adapter_config.json", Weights = "adapter_model.safetensors", Prefix = "base_model.model.";

    /// <summary>Writes the adapters of a model that has some.</summary>
    /// <param name="basePolicy">Folder of the model that they belong to, noted in the configuration.</param>
    public static void Save(Transformer model, string folder, string? basePolicy = null)
    {
        var lora = model.Lora ?? throw new InvalidOperationException("The model has no adapters.");
        Directory.CreateDirectory(folder);
        Safetensors.Write(Path.Combine(folder, Weights), model.AdapterNames.Select(n => (Prefix + n, (Tensor)model.Parameters[n])));
        var targets = model.AdapterNames.Select(n => n.Split('.')[^3]).Distinct();
        AtomicFile.WriteText(Path.Combine(folder, Config), new JsonObject
        {
            ["peft_type"] = "LORA",
            ["task_type"] = "CAUSAL_LM",
            ["base_model_name_or_path"] = basePolicy,
            ["r"] = lora.Rank,
            ["lora_alpha"] = lora.Alpha,
            ["lora_dropout"] = 0.0,
            ["bias"] = "none",
            ["fan_in_fan_out"] = model.Config.IsGpt2,
            ["target_modules"] = new JsonArray([.. targets.Select(t => (JsonNode)t)]),
        }.ToJsonString(JsonText.Indented) + "\n");
    }

    /// <summary>Adds the adapters of a folder to a model that has none.</summary>
    /// <exception cref="InvalidDataException">A file is missing, damaged, or belongs to another model; the message names it.</exception>
    public static void Load(Transformer model, string folder)
    {
        var path = Path.Combine(folder, Config);
        foreach (var name in (string[])[Config, Weights])
            if (!File.Exists(Path.Combine(folder, name)))
                throw new InvalidDataException($"{folder} holds no adapters: {name} is missing.");
        LoraOptions options;
        try
        {
            using var document = JsonDocument.Parse(Utf8File.Read(path));
            var root = document.RootElement;
            foreach (var (field, usual) in ((string, string)[])
                [("use_dora", "False"), ("use_rslora", "False"), ("bias", "none"), ("rank_pattern", "{}"), ("alpha_pattern", "{}"), ("modules_to_save", "")])
                if (root.TryGetProperty(field, out var value) && value.ToString() != usual && value.ValueKind != JsonValueKind.Null)
                    throw new InvalidDataException($"{path}: {field} is not supported.");
            options = new(root.Field("r").GetInt32(), root.Field("lora_alpha").GetDouble(),
                [.. root.Field("target_modules").EnumerateArray().Select(t => t.GetString()!)]);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"{path} is no configuration of adapters: {e.OneLine()}", e);
        }
        if (options.Rank is < 1 or > 65536 || !double.IsFinite(options.Alpha) || !ParameterShape.Of(model.Config).Any(options.Adapts))
            throw new InvalidDataException($"{path}: adapters of rank {options.Rank} and alpha {options.Alpha} for {string.Join(", ", options.Targets!).OneLine()} fit nothing in this model.");
        using var weights = SafetensorsSet.OpenFile(Path.Combine(folder, Weights));
        weights.Check([.. Shapes(model.Config, options)], _ => false);
        model.AddLora(options);
        foreach (var name in model.AdapterNames)
            weights.CopyTo(Prefix + name, model.Parameters[name]);
    }

    static IEnumerable<(string Name, long[] Shape)> Shapes(ModelConfig config, LoraOptions options)
    {
        foreach (var weight in ParameterShape.Of(config).Where(options.Adapts))
        {
            var (outputs, inputs) = config.IsGpt2 ? (weight.Shape[1], weight.Shape[0]) : (weight.Shape[0], weight.Shape[1]);
            var module = Prefix + weight.Name[..^".weight".Length];
            yield return ($"{module}.lora_A.weight", [options.Rank, inputs]);
            yield return ($"{module}.lora_B.weight", [outputs, options.Rank]);
        }
    }
}
