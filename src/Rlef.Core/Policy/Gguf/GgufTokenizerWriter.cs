using System.Text.Json;
using Microsoft.ML.Tokenizers;

namespace Rlef.Policy;

/// <summary>A <c>tokenizer.json</c> as the named values of a GGUF file. What llama.cpp would encode otherwise is refused.</summary>
sealed class GgufTokenizerWriter
{
    const string Prefix = GgufTokenizer.Prefix;

    readonly PolicyFiles files;
    readonly TokenizerReader reader;
    readonly string[] tokens;
    readonly GgufTokenizer.Kind[] kinds;

    /// <exception cref="InvalidDataException">llama.cpp has no such tokenizer; the message names the reason.</exception>
    public static void Write(PolicyFiles files, GgufWriter writer)
    {
        using var document = JsonDocument.Parse(files.TokenizerJson);
        new GgufTokenizerWriter(files, document.RootElement).Write(writer);
    }

    GgufTokenizerWriter(PolicyFiles files, JsonElement root)
    {
        (this.files, reader) = (files, new(new(root, "")));
        reader.Read();
        (tokens, kinds) = (new string[files.Config.VocabSize], new GgufTokenizer.Kind[files.Config.VocabSize]);
        foreach (var (token, id) in reader.Vocabulary)
            (tokens[id], kinds[id]) = (token, !reader.IsByteLevel && IsByte(token) ? GgufTokenizer.Kind.Byte : GgufTokenizer.Kind.Normal);
        foreach (var token in reader.Added)
        {
            if (token.TakesLeft || token.TakesRight || token.WholeWord)
                throw Unlike($"token '{token.Content}' takes white space beside it, or stands for whole words only");
            (tokens[token.Id], kinds[token.Id]) = (token.Content, token.Special ? GgufTokenizer.Kind.Control : GgufTokenizer.Kind.UserDefined);
        }
        // A model may have more rows than there are tokens.
        for (var id = 0; id < tokens.Length; id++)
            if (tokens[id] is null)
                (tokens[id], kinds[id]) = ($"[PAD{id}]", GgufTokenizer.Kind.Unused);
    }

    void Write(GgufWriter writer)
    {
        if (reader.IsByteLevel)
            WriteBytePairs(writer);
        else
            WritePieces(writer);
        writer.Add(Prefix + "tokens", tokens);
        writer.Add(Prefix + "token_type", [.. kinds.Select(k => (int)k)]);
        var (template, named, _) = files.TemplateText;
        var (begin, end) = (Edge(files.Tokenizer.Prefix, "before"), Edge(files.Tokenizer.Suffix, "after"));
        writer.Add(Prefix + "add_bos_token", begin is not null);
        writer.Add(Prefix + "add_eos_token", end is not null);
        int? first = files.EndTokens.Count > 0 ? files.EndTokens[0] : null, ends = end ?? Named("eos_token") ?? first;
        AddRole("bos", begin ?? Named("bos_token"));
        AddRole("eos", ends);
        // A dialogue's turns and messages may end with other tokens than a text.
        foreach (var (role, other) in ((string[])["eot", "eom"]).Zip(files.EndTokens.Where(t => t != ends)))
            AddRole(role, other);
        AddRole("unknown", Named("unk_token"));
        AddRole("padding", Named("pad_token"));
        if (template is not null)
            writer.Add(GgufTokenizer.ChatTemplate, template);

        int? Named(string name) => named.TryGetValue(name, out var token) && Array.IndexOf(tokens, token) is >= 0 and var id ? id : null;

        int? Edge(IReadOnlyList<int> ids, string where) => ids.Count <= 1 ? ids.Select(id => (int?)id).FirstOrDefault() : throw Unlike($"it puts {ids.Count} tokens {where} a text");

        void AddRole(string role, int? id)
        {
            if (id is { } known)
                writer.Add($"{Prefix}{role}_token_id", (uint)known);
        }
    }

    void WriteBytePairs(GgufWriter writer)
    {
        var pre = reader.Prefix is null && reader.Normalizers.All(n => n is NfcNormalizer) && (reader.Splits.Count == 1 || reader.Splits.All(s => !s.Drop))
            ? PreTokenizer.Of([.. reader.Splits.Select(s => s.Pattern.ToString())], reader.KeepsWholeWords, reader.Normalizers.Count > 0)
            : null;
        writer.Add(Prefix + "model", "gpt2");
        writer.Add(Prefix + "pre", pre?.Name ?? throw Unlike(
            $"no name is known there for cutting texts into words by {string.Join(" and then by ", reader.Splits.Select(s => s.Pattern))}"));
        writer.Add(Prefix + "merges", [.. reader.Merges]);
    }

    // llama.cpp makes whatever piece has the highest score: merges come of scores if they are all the joins that there are, in the order of what they make.
    void WritePieces(GgufWriter writer)
    {
        var prefix = Marks(before: "\u2581") || (Marks(before: "") ? false : throw Unlike("it marks spaces in another way than SentencePiece's of Llama 2"));
        if (!Enumerable.Range(0, 256).All(b => reader.Vocabulary.ContainsKey($"<0x{b:X2}>")))
            throw Unlike("it does not spell unknown characters in bytes");
        var scores = new float[tokens.Length];
        HashSet<string> made = [];
        for (int rank = 0, last = -1; rank < reader.Merges.Count; rank++)
        {
            var piece = reader.Merges[rank].Remove(reader.Merges[rank].IndexOf(' '), 1);
            var id = reader.Vocabulary[piece];
            if (id != last && !made.Add(piece))
                throw Unlike($"its merges make '{piece}' at several places of their order");
            (scores[id], last) = (-rank, id);
        }
        var apart = reader.Added.Select(t => t.Content).ToHashSet();
        var joins = reader.Vocabulary.Keys.Where(t => !apart.Contains(t)).Sum(t =>
            Enumerable.Range(1, Math.Max(0, t.Length - 1)).Count(cut => reader.Vocabulary.ContainsKey(t[..cut]) && reader.Vocabulary.ContainsKey(t[cut..])));
        if (joins != reader.Merges.Count)
            throw Unlike($"it has {reader.Merges.Count} merges, where its pieces can be joined in {joins} ways");
        writer.Add(Prefix + "model", "llama");
        writer.Add(Prefix + "pre", "default");
        writer.Add(Prefix + "add_space_prefix", prefix);
        writer.Add(Prefix + "scores", scores);
    }

    bool Marks(string before) => reader.Prefix is null && ((string[])["a b", " ", "\u2581a", "e\u0301"]).All(text =>
        reader.Normalizers.Aggregate(text, (t, step) => step.Normalize(t)) == before + text.Replace(' ', '\u2581'));

    static bool IsByte(string token) => token is ['<', '0', 'x', var high, var low, '>'] && char.IsAsciiHexDigit(high) && char.IsAsciiHexDigit(low);

    InvalidDataException Unlike(string why) => new($"{files.Source}: llama.cpp has no such tokenizer: {why}.");
}
