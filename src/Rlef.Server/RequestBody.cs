using System.IO.Pipelines;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Rlef.Server;

/// <summary>Reads the body of a request, whole and no longer than is granted.</summary>
static class RequestBody
{
    /// <exception cref="RequestFault">The body is not said to be JSON, or is too long.</exception>
    /// <exception cref="JsonException">It is no JSON.</exception>
    /// <exception cref="BadHttpRequestException">It breaks off, or comes too slowly.</exception>
    public static async Task<JsonElement> ReadJsonAsync(HttpRequest request, long most, CancellationToken cancellation)
    {
        // A page in a browser cannot send it to another site without asking first.
        if (!request.HasJsonContentType())
            throw new RequestFault("Send JSON, and say so: Content-Type: application/json.", StatusCodes.Status415UnsupportedMediaType);
        if (request.ContentLength > most)
            throw TooLong(most);
        var body = request.BodyReader;
        while (true)
        {
            // Kestrel itself ends it when the client goes away; a reading that is cancelled from outside would still be open when the connection is put away.
            var read = await body.ReadAsync(CancellationToken.None);
            if (read.Buffer.Length > most)
            {
                body.AdvanceTo(read.Buffer.End);
                throw TooLong(most);
            }
            if (!read.IsCompleted)
            {
                body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                continue;
            }
            try
            {
                return await JsonSerializer.DeserializeAsync<JsonElement>(PipeReader.Create(read.Buffer), cancellationToken: cancellation);
            }
            finally
            {
                body.AdvanceTo(read.Buffer.End);
            }
        }
    }

    static RequestFault TooLong(long most) => new($"This server takes {most >> 20} MiB in a request. Send less at once.", StatusCodes.Status413PayloadTooLarge);
}
