using Microsoft.AspNetCore.Http;

namespace Rlef.Server;

/// <summary>How a server tells of faults.</summary>
interface IFaultFormat
{
    Task WriteAsync(HttpContext context, RequestFault fault);
}
