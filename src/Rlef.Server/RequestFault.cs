namespace Rlef.Server;

/// <summary>A request that cannot be answered; the message says what to change.</summary>
sealed class RequestFault(string message) : Exception(message);
