using Rlef.Dialogue;

namespace Rlef.Endpoints;

/// <summary>A server gave no answer to one request; others may fare better.</summary>
public sealed class BrokenOffException(Breakage kind, string message, Exception? cause = null) : Exception(message, cause)
{
    public Breakage Kind => kind;
}
