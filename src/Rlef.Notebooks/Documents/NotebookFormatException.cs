namespace Rlef.Notebooks.Documents;

/// <summary>A file is not a notebook this project can read; the message names the file, the place in its JSON and the way out.</summary>
public sealed class NotebookFormatException(string message, Exception? inner = null) : Exception(message, inner);
