using System.Text.Json.Nodes;

namespace Rlef.Policy;

/// <summary>The tokenizer of a GGUF file as a <c>tokenizer.json</c>: byte-pair encoding over bytes (<c>gpt2</c>) or scored pieces of SentencePiece (<c>llama</c>).</summary>
static class GgufTokenizer
{
    public const string Prefix = "tokenizer.ggml.", ChatTemplate = "tokenizer.chat_template";

    // Of all ids; beyond, a file lies about its size.
    const int MaxVocabulary = 1 << 20;

    /// <summary>What a token is.</summary>
    public enum Kind { Normal = 1, Unknown = 2, Control = 3, UserDefined = 4, Unused = 5, Byte = 6 }

    /// <exception cref="InvalidDataException">The file has none, or one of another kind; the message names it.</exception>
    public static string ToJson(GgufFile file)
    {
        var model = file.Text(Prefix + "model") ?? throw new InvalidDataException($"{file.Path}: {Prefix}model is missing; the file has no tokenizer.");
        if (model is not ("gpt2" or "llama"))
            throw new InvalidDataException($"{file.Path}: tokenizers of kind '{model}' are not supported; Rlef reads gpt2 (byte-pair encoding) and llama (SentencePiece).");
        if (file.Count(Prefix + "tokens") is var count && count is 0 or > MaxVocabulary)
            throw new InvalidDataException($"{file.Path}: {Prefix}tokens has {count} tokens; there are 1 to {MaxVocabulary}.");
        var tokens = file.Texts(Prefix + "tokens")!;
        var kinds = file.Numbers<int>(Prefix + "token_type", GgufKind.Int32) ?? [.. tokens.Select(_ => (int)Kind.Normal)];
        if (kinds.Length != tokens.Length)
            throw new InvalidDataException($"{file.Path}: {Prefix}token_type has {kinds.Length} entries for {tokens.Length} tokens.");
        List<AddedToken> added = [];
        for (var id = 0; id < tokens.Length; id++)
            if ((Kind)kinds[id] is Kind.Unknown or Kind.Control or Kind.UserDefined)
                added.Add(new(tokens[id], id, Special: (Kind)kinds[id] != Kind.UserDefined));
        bool Uses(int id) => (Kind)kinds[id] != Kind.Unused;
        return model == "gpt2" ? BytePairs(file, tokens, Uses, added) : Pieces(file, tokens, Uses, added);
    }

    /// <summary>A token by its role, such as <c>eos</c>, or null.</summary>
    public static int? Role(GgufFile file, string role) => file.Whole($"{Prefix}{role}_token_id") is not { } id ? null
        : id >= 0 && id < file.Count(Prefix + "tokens") ? (int)id
        // So some writers say that the model has none.
        : id is -1 or uint.MaxValue ? null
        : throw new InvalidDataException($"{file.Path}: {Prefix}{role}_token_id is {id}, which is no token.");

    static string BytePairs(GgufFile file, string[] tokens, Func<int, bool> uses, List<AddedToken> added)
    {
        var pre = PreTokenizer.Find(file.Text(Prefix + "pre") ?? "default", file.Path);
        var merges = file.Texts(Prefix + "merges") ?? throw new InvalidDataException($"{file.Path}: {Prefix}merges is missing.");
        var before = Edge("add_bos_token", "bos", pre.Begins);
        var after = Edge("add_eos_token", "eos", false);
        return TokenizerText.Write(added, pre.Composed ? TokenizerText.Step("NFC") : null, pre.ToJson(),
            TokenizerText.Template(before, after) ?? TokenizerText.ByteLevel(split: true), TokenizerText.ByteLevel(split: true),
            TokenizerText.Bpe(Vocabulary(file, tokens, uses), merges, ("ignore_merges", pre.WholeWords)));

        (string, int)[] Edge(string flag, string role, bool otherwise) => EdgeToken(file, flag, role, otherwise) is { } id ? [(tokens[id], id)] : [];
    }

    static string Pieces(GgufFile file, string[] tokens, Func<int, bool> uses, List<AddedToken> added)
    {
        var scores = file.Numbers<float>(Prefix + "scores", GgufKind.Float32) ?? throw new InvalidDataException($"{file.Path}: {Prefix}scores is missing.");
        if (scores.Length != tokens.Length || Array.Exists(scores, float.IsNaN))
            throw new InvalidDataException($"{file.Path}: {Prefix}scores must have a number for each of the {tokens.Length} tokens.");
        _ = Vocabulary(file, tokens, uses);
        string? Edge(string flag, string role, bool otherwise) => EdgeToken(file, flag, role, otherwise) is { } id ? tokens[id] : null;
        return SentencePieceJson.Create([.. tokens.Select((t, id) => uses(id) ? ((string, float)?)(t, scores[id]) : null)], added,
            Role(file, "unknown") is { } unknown ? tokens[unknown] : null, file.Flag(Prefix + "add_space_prefix") ?? true,
            Edge("add_bos_token", "bos", true), Edge("add_eos_token", "eos", false));
    }

    static int? EdgeToken(GgufFile file, string flag, string role, bool otherwise) => !(file.Flag(Prefix + flag) ?? otherwise) ? null
        : Role(file, role) ?? throw new InvalidDataException($"{file.Path}: {Prefix}{flag} asks for {Prefix}{role}_token_id, which is missing.");

    static Dictionary<string, int> Vocabulary(GgufFile file, string[] tokens, Func<int, bool> uses)
    {
        var ids = new Dictionary<string, int>(tokens.Length);
        for (var id = 0; id < tokens.Length; id++)
            if (uses(id) && !ids.TryAdd(tokens[id], id))
                throw new InvalidDataException($"{file.Path}: {Prefix}tokens has '{tokens[id]}' twice, as {ids[tokens[id]]} and {id}.");
        return ids;
    }
}
