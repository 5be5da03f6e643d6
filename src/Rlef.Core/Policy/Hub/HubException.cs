namespace Rlef.Policy;

/// <summary>A model cannot be had from a hub, for a reason that its user can mend.</summary>
public sealed class HubException(string message, Exception? cause = null) : IOException(message, cause);
