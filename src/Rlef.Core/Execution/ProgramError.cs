namespace Rlef.Execution;

/// <summary>What a program's failure looked like from inside the sandbox. The text is the program's own and is not to be trusted.</summary>
/// <param name="Type">Python exception type, such as <c>ValueError</c>.</param>
/// <param name="Message">The exception's text, bounded.</param>
/// <param name="Line">1-based line of the program, if it is known.</param>
/// <param name="Traceback">Python's traceback, restricted to the program's own frames.</param>
public sealed record ProgramError(string Type, string Message, int? Line, string Traceback);
