using System.Text.Json.Serialization;

namespace Rlef.Server;

/// <summary>A whole answer, or a part of one that is streamed.</summary>
/// <param name="Created">In seconds since 1970.</param>
/// <param name="Choices">As an <see cref="AnswerForm"/> writes them.</param>
/// <param name="PromptTokenIds">Where ids were asked for, of one prompt.</param>
sealed record Answer(string Id, string Object, long Created, string Model, IReadOnlyList<object> Choices,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Usage? Usage = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<int>? PromptTokenIds = null);

/// <param name="CompletionTokens">Those that end responses included.</param>
sealed record Usage(int PromptTokens, int CompletionTokens, int TotalTokens, PromptDetails PromptTokensDetails);

/// <param name="CachedTokens">That the decoder held already.</param>
sealed record PromptDetails(int CachedTokens);
