using Microsoft.AspNetCore.Http;

namespace Rlef.Server;

/// <summary>Problem details (RFC 9457).</summary>
sealed class ProblemDetailsFormat : IFaultFormat
{
    public Task WriteAsync(HttpContext context, RequestFault fault) => Results.Problem(fault.Message, statusCode: fault.Status).ExecuteAsync(context);
}
