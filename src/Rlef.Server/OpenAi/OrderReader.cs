using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Rlef.Policy;
using Rlef.Storage;

namespace Rlef.Server;

/// <summary>Reads what clients ask for in OpenAI's fields, and vLLM's <c>top_k</c>, <c>min_p</c> and <c>return_token_ids</c>.</summary>
/// <param name="chat">Null for a policy without a chat template.</param>
/// <param name="maxLength">Tokens of a prompt and its response.</param>
sealed class OrderReader(string model, PolicyFiles files, ChatPrompts? chat, int maxLength, PolicyServerOptions options)
{
    const int MostStops = 16, MostAlternatives = 20;
    // Of OpenAI's where a text's continuation names none.
    const int StandardContinuation = 16;

    public GenerationOrder ReadChat(RequestFields fields)
    {
        Check(fields);
        if (chat is null)
            throw new RequestFault("The policy has no chat template; it continues texts, at /v1/completions.");
        if (fields.Find("messages") is not { ValueKind: JsonValueKind.Array } list || list.GetArrayLength() == 0)
            throw RequestFields.Fault("messages", "takes a list of at least one message.");
        ChatMessage[] messages = [.. list.EnumerateArray().Select((m, i) => Message(m, $"messages[{i}]"))];
        int[] prompt;
        try
        {
            prompt = chat.Of(messages);
        }
        catch (InvalidDataException e)
        {
            throw RequestFields.Fault("messages", $"cannot be written by the policy's chat template: {e.OneLine()}");
        }
        foreach (var (name, what) in new[] { ("tools", ""), ("functions", ""), ("audio", "") })
            fields.Only(name, value => value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 0, what);
        fields.Only("response_format", IsTextFormat, " but as text");
        fields.Only("modalities", value => value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(m => RequestFields.IsText(m, "text", "modalities")), " but as text");
        fields.Ignore("tool_choice", "parallel_tool_calls", "store", "metadata", "service_tier", "safety_identifier", "prompt_cache_key", "reasoning_effort", "verbosity");
        var alternatives = (int?)fields.Integer("top_logprobs", 0, MostAlternatives);
        var wanted = fields.Flag("logprobs");
        if (alternatives is not null && !wanted)
            throw RequestFields.Fault("top_logprobs", "goes with logprobs: true.");
        var (most, former) = (fields.Integer("max_completion_tokens", 1, int.MaxValue), fields.Integer("max_tokens", 1, int.MaxValue));
        return Read(fields, [prompt], messages, most ?? former, null) with { Alternatives = wanted ? alternatives ?? 0 : null };
    }

    public GenerationOrder ReadContinuation(RequestFields fields)
    {
        Check(fields);
        IReadOnlyList<int[]> prompts = fields.Find("prompt") is { } prompt ? Prompts(prompt) : throw fields.Missing("prompt");
        fields.Only("suffix", value => RequestFields.IsText(value, "", "suffix"), "");
        fields.Only("echo", value => value.ValueKind == JsonValueKind.False, "");
        fields.Only("best_of", value => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var best) && best == (fields.Integer("n", 1, options.MaxChoices) ?? 1), " but equal to n");
        var alternatives = (int?)fields.Integer("logprobs", 0, MostAlternatives);
        return Read(fields, prompts, null, fields.Integer("max_tokens", 1, int.MaxValue), StandardContinuation) with { Alternatives = alternatives };
    }

    void Check(RequestFields fields)
    {
        var asked = fields.RequiredText("model");
        if (asked != model)
            throw new RequestFault($"There is no model '{asked.OneLine()}' here; there is '{model}'.", StatusCodes.Status404NotFound, "model", "model_not_found");
    }

    GenerationOrder Read(RequestFields fields, IReadOnlyList<int[]> prompts, IReadOnlyList<ChatMessage>? messages, long? most, int? standard)
    {
        foreach (var name in (string[])["presence_penalty", "frequency_penalty"])
            fields.Only(name, value => value.ValueKind == JsonValueKind.Number && value.GetDouble() == 0, " but as 0");
        fields.Only("logit_bias", value => value.ValueKind == JsonValueKind.Object && !value.EnumerateObject().Any(), "");
        fields.Ignore("user");
        var longest = prompts.Max(p => p.Length);
        var room = maxLength - longest;
        if (room < 1 || most > room)
            throw new RequestFault($"A prompt of {longest} tokens{(most is null ? "" : $" and a response of {most}")} exceeds the {maxLength} tokens of a dialogue here. Shorten the one or the other.",
                at: messages is null ? "prompt" : "messages", code: "context_length_exceeded");
        var choices = (int)(fields.Integer("n", 1, options.MaxChoices) ?? 1);
        if (choices * prompts.Count > options.MaxChoices)
            throw RequestFields.Fault("n", $"asks for {choices * prompts.Count} responses in all; this server gives {options.MaxChoices} to a request.");
        var stream = fields.Flag("stream");
        var longestResponse = (int)(most ?? Math.Min(room, standard ?? room));
        var sampling = new Sampling(fields.Number("temperature", 0, 100) ?? 1, fields.Number("top_p", 0, 1, above: true) ?? 1, longestResponse)
        {
            TopK = (int)Math.Max(0, fields.Integer("top_k", -1, int.MaxValue) ?? 0),
            MinP = fields.Number("min_p", 0, 1) ?? 0,
        };
        var order = new GenerationOrder(prompts, messages, sampling)
        {
            Choices = choices,
            Seed = fields.Integer("seed", long.MinValue, long.MaxValue) is { } seed ? (ulong)seed : (ulong)Random.Shared.NextInt64(),
            Stop = Stops(fields.Find("stop")),
            TokenIds = fields.Flag("return_token_ids"),
            Stream = stream,
            StreamUsage = StreamUsage(fields.Find("stream_options"), stream),
        };
        if (order.TokenIds && prompts.Count > 1)
            throw RequestFields.Fault("return_token_ids", "goes with one prompt: of several, an answer would not tell whose ids it has.");
        fields.RefuseOthers();
        return order;
    }

    static bool StreamUsage(JsonElement? asked, bool stream)
    {
        if (asked is not { } value)
            return false;
        if (!stream || value.ValueKind != JsonValueKind.Object)
            throw RequestFields.Fault("stream_options", "takes an object, and goes with stream: true.");
        var inner = new RequestFields(value, "stream_options");
        inner.Ignore("include_obfuscation");
        var usage = inner.Flag("include_usage");
        inner.RefuseOthers();
        return usage;
    }

    static string[] Stops(JsonElement? asked)
    {
        string[] stops = asked switch
        {
            null => [],
            { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray().Select((s, i) => RequestFields.TextOf(s, $"stop[{i}]"))],
            { } one => [RequestFields.TextOf(one, "stop")],
        };
        return stops.Length <= MostStops && stops.All(s => s.Length > 0) ? stops : throw RequestFields.Fault("stop", $"takes at most {MostStops} texts, none of them empty.");
    }

    static ChatMessage Message(JsonElement message, string at)
    {
        if (message.ValueKind != JsonValueKind.Object)
            throw RequestFields.Fault(at, "takes a message, such as {\"role\": \"user\", \"content\": \"…\"}.");
        var fields = new RequestFields(message, at);
        var role = fields.Text("role") switch
        {
            "developer" => "system",
            ("system" or "user" or "assistant" or "tool") and var known => known,
            _ => throw RequestFields.Fault(fields.PathOf("role"), "takes system, user, assistant or tool."),
        };
        var content = fields.Find("content") switch
        {
            { ValueKind: JsonValueKind.Array } parts => string.Concat(parts.EnumerateArray().Select((p, i) => Part(p, $"{at}.content[{i}]"))),
            { } text => RequestFields.TextOf(text, $"{at}.content"),
            null => throw fields.Missing("content"),
        };
        fields.Ignore("name", "refusal", "tool_call_id");
        fields.Only("tool_calls", value => value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 0, "");
        fields.RefuseOthers();
        return new(role, content);
    }

    static string Part(JsonElement part, string at)
    {
        if (part.ValueKind != JsonValueKind.Object || new RequestFields(part, at) is var fields && !IsOfText(fields))
            throw RequestFields.Fault(at, "takes a part of type text; pictures and sounds are not offered here.");
        var text = fields.RequiredText("text");
        fields.RefuseOthers();
        return text;
    }

    static bool IsTextFormat(JsonElement format)
    {
        if (format.ValueKind != JsonValueKind.Object || new RequestFields(format, "response_format") is var fields && !IsOfText(fields))
            return false;
        fields.RefuseOthers();
        return true;
    }

    static bool IsOfText(RequestFields fields) => fields.Find("type") is { } type && RequestFields.IsText(type, "text", fields.PathOf("type"));

    // A text, several, token ids, or several lists of them.
    int[][] Prompts(JsonElement prompt)
    {
        if (prompt.ValueKind != JsonValueKind.Array)
            return [Encode(RequestFields.TextOf(prompt, "prompt"), "prompt")];
        if (prompt.GetArrayLength() is var count && (count == 0 || count > options.MaxChoices && prompt[0].ValueKind != JsonValueKind.Number))
            throw RequestFields.Fault("prompt", $"takes 1 to {options.MaxChoices} texts.");
        return prompt[0].ValueKind == JsonValueKind.Number ? [Ids(prompt, "prompt")]
            : [.. prompt.EnumerateArray().Select((p, i) => p.ValueKind == JsonValueKind.Array ? Ids(p, $"prompt[{i}]") : Encode(RequestFields.TextOf(p, $"prompt[{i}]"), $"prompt[{i}]"))];
    }

    int[] Encode(string text, string at) => files.Tokenizer.EncodeMarkup(text, addSpecial: true) is { Length: > 0 } ids ? ids
        : throw RequestFields.Fault(at, "is empty; there is nothing to continue.");

    int[] Ids(JsonElement list, string at) =>
        list.GetArrayLength() == 0 ? throw RequestFields.Fault(at, "is empty; there is nothing to continue.")
        : [.. list.EnumerateArray().Select(id => id.ValueKind == JsonValueKind.Number && id.TryGetInt32(out var value) && value >= 0 && value < files.Config.VocabSize ? value
            : throw RequestFields.Fault(at, $"takes token ids from 0 to {files.Config.VocabSize - 1}."))];
}
