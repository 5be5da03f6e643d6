using System.Text;
using System.Text.Json.Serialization;
using Rlef.Policy;

namespace Rlef.Server;

/// <summary>How answers are written: as a chat's message, or as a text's continuation.</summary>
abstract class AnswerForm
{
    readonly PolicyTokenizer tokenizer;

    AnswerForm(PolicyTokenizer tokenizer) => this.tokenizer = tokenizer;

    public static AnswerForm Chat(PolicyTokenizer tokenizer) => new ChatForm(tokenizer);
    public static AnswerForm Text(PolicyTokenizer tokenizer) => new TextForm(tokenizer);

    public abstract string IdPrefix { get; }
    public abstract string WholeObject { get; }
    public abstract string PieceObject { get; }

    /// <summary>A whole response.</summary>
    public abstract object Whole(int index, Piece all, bool logProbs, IReadOnlyList<int>? ids);

    /// <summary>What a stream has before the first piece of a response; null for nothing.</summary>
    public abstract object? Opening(int index);

    public abstract object Part(int index, Piece piece, bool logProbs, IReadOnlyList<int>? ids);

    protected string Name(int token) => tokenizer.Decode([token], keepSpecial: true);

    sealed class ChatForm(PolicyTokenizer tokenizer) : AnswerForm(tokenizer)
    {
        public override string IdPrefix => "chatcmpl-";
        public override string WholeObject => "chat.completion";
        public override string PieceObject => "chat.completion.chunk";

        public override object Whole(int index, Piece all, bool logProbs, IReadOnlyList<int>? ids) =>
            new WholeChoice(index, new("assistant", all.Text), logProbs ? LogProbs(all) : null, all.Finish, ids);

        public override object? Opening(int index) => new PartChoice(index, new("assistant", ""), null, null, null);

        public override object Part(int index, Piece piece, bool logProbs, IReadOnlyList<int>? ids) =>
            new PartChoice(index, new(null, piece.Text.Length > 0 ? piece.Text : null), logProbs && piece.Tokens.Count > 0 ? LogProbs(piece) : null, piece.Finish, ids);

        object LogProbs(Piece piece) => new
        {
            Content = piece.Tokens.Select(t => new { Token = Name(t.Token), Logprob = t.LogProb, Bytes = Bytes(t.Token), TopLogprobs = t.Alternatives.Select(a => new { Token = Name(a.Token), Logprob = a.LogProb, Bytes = Bytes(a.Token) }) }),
            Refusal = (object?)null,
        };

        // Half a character has no text of its own.
        int[]? Bytes(int token) => Name(token) is var name && name.Contains('\uFFFD') ? null : [.. Encoding.UTF8.GetBytes(name).Select(b => (int)b)];

        sealed record Message(string Role, string Content, object? Refusal = null);
        sealed record Delta([property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Role, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Content);
        sealed record WholeChoice(int Index, Message Message, object? Logprobs, string? FinishReason, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<int>? TokenIds);
        sealed record PartChoice(int Index, Delta Delta, object? Logprobs, string? FinishReason, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<int>? TokenIds);
    }

    sealed class TextForm(PolicyTokenizer tokenizer) : AnswerForm(tokenizer)
    {
        public override string IdPrefix => "cmpl-";
        public override string WholeObject => "text_completion";
        public override string PieceObject => "text_completion";

        public override object Whole(int index, Piece all, bool logProbs, IReadOnlyList<int>? ids) => Part(index, all, logProbs, ids);
        public override object? Opening(int index) => null;

        public override object Part(int index, Piece piece, bool logProbs, IReadOnlyList<int>? ids) =>
            new TextChoice(index, piece.Text, logProbs && piece.Tokens.Count > 0 ? LogProbs(piece) : null, piece.Finish, ids);

        object LogProbs(Piece piece)
        {
            string[] names = [.. piece.Tokens.Select(t => Name(t.Token))];
            var offsets = new int[names.Length];
            for (var i = 0; i < names.Length; i++)
                offsets[i] = i == 0 ? piece.Offset : offsets[i - 1] + tokenizer.Decode([piece.Tokens[i - 1].Token]).Length;
            return new
            {
                Tokens = names,
                TokenLogprobs = piece.Tokens.Select(t => t.LogProb),
                TopLogprobs = piece.Tokens.All(t => t.Alternatives.Count == 0) ? null
                    : piece.Tokens.Select(t => t.Alternatives.GroupBy(a => Name(a.Token)).ToDictionary(g => g.Key, g => g.Max(a => a.LogProb))),
                TextOffset = offsets,
            };
        }

        sealed record TextChoice(int Index, string Text, object? Logprobs, string? FinishReason, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<int>? TokenIds);
    }
}
