namespace Rlef.Policy;

/// <summary>A template is faulty, or refuses its dialogue.</summary>
sealed class TemplateException(string message) : Exception(message);
