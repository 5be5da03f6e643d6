namespace Rlef.Policy;

/// <summary>A token that stands for itself in a text, apart from the vocabulary's merges.</summary>
/// <param name="Special">Left out when ids are decoded to plain text.</param>
/// <param name="Normalized">Looked for after the text is normalized, not before.</param>
/// <param name="TakesLeft">Swallows white space before it.</param>
/// <param name="TakesRight">Swallows white space after it.</param>
/// <param name="WholeWord">Counts only where no letter or digit touches it.</param>
sealed record AddedToken(string Content, int Id, bool Special, bool Normalized = false, bool TakesLeft = false, bool TakesRight = false, bool WholeWord = false);
