using System.Text.Json;

namespace Rlef.Policy;

/// <summary>A field of a <c>tokenizer.json</c>. What is missing or of another kind is an error that names it.</summary>
/// <param name="Path">Its name, with those of the fields around it.</param>
readonly record struct TokenizerField(JsonElement Value, string Path)
{
    /// <summary>A field within this one, which must be there.</summary>
    public TokenizerField this[string name] => Find(name) ?? throw new InvalidDataException($"{At(name)} is missing.");

    /// <summary>A field within this one; null where it is missing or null.</summary>
    public TokenizerField? Find(string name) =>
        Of(JsonValueKind.Object, "an object").TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? new(value, At(name)) : null;

    public bool Flag(string name) => Find(name)?.Value.ValueKind == JsonValueKind.True;

    /// <summary>What a list holds.</summary>
    public IEnumerable<TokenizerField> Items
    {
        get
        {
            var path = Path;
            return Of(JsonValueKind.Array, "a list").EnumerateArray().Select((item, i) => new TokenizerField(item, $"{path}[{i}]"));
        }
    }

    public string Text
    {
        get
        {
            try
            {
                return Of(JsonValueKind.String, "a text").GetString()!;
            }
            catch (InvalidOperationException e)
            {
                throw new InvalidDataException($"{Path} must be a text of whole characters.", e);
            }
        }
    }

    /// <summary>A text that has something in it.</summary>
    public string Name => Text is { Length: > 0 } text ? text : throw new InvalidDataException($"{Path} is empty.");

    public int Whole => Of(JsonValueKind.Number, "a whole number").TryGetInt32(out var number) ? number : throw Unlike("a whole number");

    /// <summary>The value, which must be of one kind.</summary>
    public JsonElement Of(JsonValueKind kind, string what) => Value.ValueKind == kind ? Value : throw Unlike(what);

    string At(string name) => Path.Length == 0 ? name : $"{Path}.{name}";

    InvalidDataException Unlike(string what) => new($"{(Path.Length == 0 ? "it" : Path)} must be {what}, " +
        $"not {(Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array ? Value.ValueKind.ToString().ToLowerInvariant() : Value)}.");
}
