using Microsoft.AspNetCore.Http;

namespace Rlef.Server;

/// <summary>A request that cannot be answered; the message says what to change.</summary>
/// <param name="at">Which field is at fault; null where it is none of them.</param>
/// <param name="code">A name of the fault for programs, where clients know one.</param>
sealed class RequestFault(string message, int status = StatusCodes.Status400BadRequest, string? at = null, string? code = null) : Exception(message)
{
    public int Status => status;
    public string? Field => at;
    public string? Code => code;

    /// <summary>An answer that took longer than <see cref="ServerOptions.TimeLimit"/>.</summary>
    public static RequestFault TooSlow(TimeSpan limit) =>
        new($"The answer took longer than the {limit.TotalSeconds:0} s that this server gives to a request. Ask for less, or when it has less to do.", StatusCodes.Status504GatewayTimeout);

    /// <summary>The same of what Kestrel found in a request.</summary>
    public static RequestFault Of(BadHttpRequestException fault) => new("The request breaks off, or comes too slowly. Send it again.", fault.StatusCode);
}
