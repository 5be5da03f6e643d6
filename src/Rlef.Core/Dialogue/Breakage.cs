namespace Rlef.Dialogue;

/// <summary>Why a server gave no whole answer, so that the dialogue ends there.</summary>
public enum Breakage
{
    /// <summary>The answer reached its longest length before it had a whole program.</summary>
    Length,
    /// <summary>The server's filter withheld the answer.</summary>
    ContentFilter,
    /// <summary>The dialogue has grown longer than the model reads.</summary>
    Context,
    /// <summary>No answer came in time, however often it was asked for.</summary>
    Timeout,
    /// <summary>The server failed, however often it was asked.</summary>
    Failure,
}
