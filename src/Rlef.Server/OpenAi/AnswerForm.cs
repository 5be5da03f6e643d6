using System.Text;
using System.Text.Json.Serialization;

namespace Rlef.Server;

/// <summary>How answers are written: as a chat's message, or as a text's continuation.</summary>
abstract class AnswerForm
{
    public static AnswerForm Chat { get; } = new ChatForm();
    public static AnswerForm Text { get; } = new TextForm();

    public abstract string IdPrefix { get; }
    public abstract string WholeObject { get; }
    public abstract string PieceObject { get; }

    /// <summary>A whole response.</summary>
    public abstract object Whole(int index, Piece all, bool logProbs, IReadOnlyList<int>? ids);

    /// <summary>What a stream has before the first piece of a response; null for nothing.</summary>
    public abstract object? Opening(int index);

    public abstract object Part(int index, Piece piece, bool logProbs, IReadOnlyList<int>? ids);

    sealed class ChatForm : AnswerForm
    {
        public override string IdPrefix => "chatcmpl-";
        public override string WholeObject => "chat.completion";
        public override string PieceObject => "chat.completion.chunk";

        public override object Whole(int index, Piece all, bool logProbs, IReadOnlyList<int>? ids) =>
            new WholeChoice(index, new("assistant", all.Text), logProbs ? LogProbs(all) : null, all.Finish, ids);

        public override object? Opening(int index) => new PartChoice(index, new("assistant", ""), null, null, null);

        public override object Part(int index, Piece piece, bool logProbs, IReadOnlyList<int>? ids) =>
            new PartChoice(index, new(null, piece.Text.Length > 0 ? piece.Text : null), logProbs && piece.Tokens.Count > 0 ? LogProbs(piece) : null, piece.Finish, ids);

        static object LogProbs(Piece piece) => new
        {
            Content = piece.Tokens.Select(t => new
            {
                Token = t.Name, Logprob = t.LogProb, Bytes = Bytes(t.Name),
                TopLogprobs = t.Alternatives.Select(a => new { Token = a.Name, Logprob = a.LogProb, Bytes = Bytes(a.Name) }),
            }),
            Refusal = (object?)null,
        };

        // Half a character has no text of its own.
        static int[]? Bytes(string name) => name.Length == 0 || name.Contains('\uFFFD') ? null : [.. Encoding.UTF8.GetBytes(name).Select(b => (int)b)];

        sealed record Message(string Role, string Content, object? Refusal = null);
        sealed record Delta([property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Role,
            [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Content);
        sealed record WholeChoice(int Index, Message Message, object? Logprobs, string? FinishReason,
            [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<int>? TokenIds);
        sealed record PartChoice(int Index, Delta Delta, object? Logprobs, string? FinishReason, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<int>? TokenIds);
    }

    sealed class TextForm : AnswerForm
    {
        public override string IdPrefix => "cmpl-";
        public override string WholeObject => "text_completion";
        public override string PieceObject => "text_completion";

        public override object Whole(int index, Piece all, bool logProbs, IReadOnlyList<int>? ids) => Part(index, all, logProbs, ids);
        public override object? Opening(int index) => null;

        public override object Part(int index, Piece piece, bool logProbs, IReadOnlyList<int>? ids) =>
            new TextChoice(index, piece.Text, logProbs && piece.Tokens.Count > 0 ? LogProbs(piece) : null, piece.Finish, ids);

        static object LogProbs(Piece piece) => new
        {
            Tokens = piece.Tokens.Select(t => t.Name),
            TokenLogprobs = piece.Tokens.Select(t => t.LogProb),
            TopLogprobs = piece.Tokens.All(t => t.Alternatives.Count == 0) ? null
                : piece.Tokens.Select(t => t.Alternatives.GroupBy(a => a.Name).ToDictionary(g => g.Key, g => g.Max(a => a.LogProb))),
            TextOffset = piece.Tokens.Select(t => t.Offset),
        };

        sealed record TextChoice(int Index, string Text, object? Logprobs, string? FinishReason, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<int>? TokenIds);
    }
}
