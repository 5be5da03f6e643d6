namespace Rlef.Endpoints;

/// <summary>A server cannot be played with at all, for a reason that its user can mend.</summary>
public sealed class EndpointException(string message, Exception? cause = null) : IOException(message, cause);
