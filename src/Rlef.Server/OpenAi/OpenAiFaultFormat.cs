using Microsoft.AspNetCore.Http;

namespace Rlef.Server;

/// <summary>The errors of OpenAI's API, by which its clients tell what to do.</summary>
sealed class OpenAiFaultFormat : IFaultFormat
{
    public Task WriteAsync(HttpContext context, RequestFault fault)
    {
        // Clients ask again by themselves after these, which would take as long again.
        if (fault.Status is StatusCodes.Status500InternalServerError or StatusCodes.Status504GatewayTimeout)
            context.Response.Headers["x-should-retry"] = "false";
        return Results.Json(Body(fault), OpenAiJson.Options, statusCode: fault.Status).ExecuteAsync(context);
    }

    public static object Body(RequestFault fault) => new { Error = new { fault.Message, Type = Type(fault.Status), Param = fault.Field, Code = fault.Code ?? Code(fault.Status) } };

    static string Type(int status) => status switch
    {
        StatusCodes.Status429TooManyRequests => "requests",
        >= StatusCodes.Status500InternalServerError => "server_error",
        _ => "invalid_request_error",
    };

    static string? Code(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => "invalid_api_key",
        StatusCodes.Status429TooManyRequests => "rate_limit_exceeded",
        StatusCodes.Status504GatewayTimeout => "timeout",
        _ => null,
    };
}
