namespace Rlef.Execution;

/// <summary>The machine lacks what the sandbox needs. Programs are never run without it.</summary>
public sealed class SandboxUnavailableException(string message) : Exception(message);
