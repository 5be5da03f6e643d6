using System.Text;
using System.Text.Json;
using Rlef.Storage;

namespace Rlef.Policy;

/// <summary>
/// How a model wants a dialogue written: the template of its <c>tokenizer_config.json</c> or <c>chat_template.jinja</c>, rendered as by the Jinja 3.1
/// of Hugging Face: blocks trimmed, values unchangeable. Other templates (<c>include</c>, <c>extends</c>, <c>block</c>), <c>autoescape true</c>, some rare
/// filters and methods, and what would print an address of memory are not known: a template that comes to one is refused with the name of it.
/// </summary>
public sealed class ChatTemplate
{
    readonly Func<TemplateScope, StringBuilder, TemplateFlow> body;
    readonly string source;
    readonly IReadOnlyDictionary<string, string> tokens;

    /// <param name="tokens">Special tokens by the names under which the template knows them, such as <c>bos_token</c>.</param>
    /// <param name="source">Named in errors.</param>
    /// <exception cref="InvalidDataException">The template has a fault or uses what Rlef does not know; the message names the line.</exception>
    public ChatTemplate(string template, IReadOnlyDictionary<string, string>? tokens = null, string source = "chat template")
    {
        (Text, this.source, this.tokens) = (template, source, tokens ?? new Dictionary<string, string>());
        body = Guard(() => TemplateParser.Parse(template));
    }

    /// <summary>The template as it is written.</summary>
    public string Text { get; }

    /// <summary>The template of a model's folder, or null where it has none.</summary>
    /// <exception cref="InvalidDataException">A file is damaged.</exception>
    public static ChatTemplate? Load(string folder) =>
        Find(name => Path.Combine(folder, name) is var path && File.Exists(path) ? Utf8File.Read(path) : null, name => Path.Combine(folder, name));

    /// <param name="read">Text of a file of the folder, or null where it has none of that name.</param>
    /// <param name="place">Where such a file is, for errors.</param>
    internal static ChatTemplate? Find(Func<string, string?> read, Func<string, string> place)
    {
        var (template, tokens, source) = Texts(read, place);
        return template is null ? null : new(template, tokens, source);
    }

    /// <summary>The template as it is written, null where there is none; the special tokens by name; and which file has the template.</summary>
    internal static (string? Template, IReadOnlyDictionary<string, string> Tokens, string Source) Texts(Func<string, string?> read, Func<string, string> place)
    {
        var config = place("tokenizer_config.json");
        try
        {
            using var document = JsonDocument.Parse(read("tokenizer_config.json") ?? "{}");
            var root = document.RootElement;
            var tokens = root.EnumerateObject().Where(p => p.Name.EndsWith("_token", StringComparison.Ordinal)).DistinctBy(p => p.Name)
                .Select(p => (p.Name, Token: Token(p.Value))).Where(t => t.Token is not null).ToDictionary(t => t.Name, t => t.Token!);
            if (read("chat_template.jinja") is { } own)
                return (own, tokens, place("chat_template.jinja"));
            if (!root.TryGetProperty("chat_template", out var template) || template.ValueKind == JsonValueKind.Null)
                return (null, tokens, config);
            return (template.ValueKind == JsonValueKind.Array ? Usual(template) : TextOf(template, "chat_template"), tokens, config);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"{config}: {e.OneLine()}", e);
        }
    }

    // Several templates are named; the usual one is called default.
    static string Usual(JsonElement list)
    {
        var named = list.EnumerateArray().Select((entry, i) => entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty("name", out var name)
            && entry.TryGetProperty("template", out var template)
            ? (Name: TextOf(name, $"chat_template[{i}].name"), Text: TextOf(template, $"chat_template[{i}].template"))
            : throw new JsonException($"chat_template[{i}] is not {{\"name\": …, \"template\": …}}.")).ToList();
        return named.Find(t => t.Name == "default").Text
            ?? throw new JsonException($"chat_template is a list without a template named default; there {(named.Count == 0 ? "is none" : $"are {string.Join(", ", named.Select(t => t.Name))}")}.");
    }

    static string TextOf(JsonElement value, string name) => value.ValueKind == JsonValueKind.String ? value.GetString()!
        : throw new JsonException($"{name} is of kind {value.ValueKind}, where a text is expected.");

    /// <param name="addGenerationPrompt">Ends with what precedes an answer.</param>
    /// <param name="variables">What the template may ask for besides, such as <c>enable_thinking</c>: texts, numbers, truth values, and lists and dictionaries of them.</param>
    /// <exception cref="InvalidDataException">The template refuses the dialogue or cannot be carried out.</exception>
    public string Render(IEnumerable<ChatMessage> messages, bool addGenerationPrompt = false, IReadOnlyDictionary<string, object?>? variables = null) => Guard(() =>
    {
        var scope = TemplateGlobals.Scope();
        scope["messages"] = messages.Select(m => (object?)new TemplateMap { ["role"] = m.Role, ["content"] = m.Content }).ToList();
        scope["add_generation_prompt"] = addGenerationPrompt;
        // Given, though there are none, as by Hugging Face.
        scope["tools"] = scope["documents"] = null;
        foreach (var (name, token) in tokens)
            scope[name] = token;
        foreach (var (name, value) in variables ?? new Dictionary<string, object?>())
            scope[name] = TemplateValue.From(value);
        var result = new StringBuilder();
        body(scope, result);
        return result.ToString();
    });

    T Guard<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (TemplateException e)
        {
            throw new InvalidDataException($"{source}: {e.OneLine()}", e);
        }
    }

    // A token is a text, or an object that holds one; names that end alike also hold truth values.
    static string? Token(JsonElement token) => token.ValueKind switch
    {
        JsonValueKind.String => token.GetString(),
        JsonValueKind.Object => token.Field("content").GetString(),
        _ => null,
    };
}
