using System.Net;
using System.Text.Json;
using Rlef.Storage;

namespace Rlef.Endpoints;

/// <summary>The first contact with a server: whether it is there, lets us in, and knows the model.</summary>
public static class EndpointCheck
{
    const int Shown = 8;

    /// <returns>Names of the models that the server offers; null where it does not tell.</returns>
    /// <exception cref="EndpointException">It cannot be reached, refuses the key, or is no server of this kind.</exception>
    public static async Task<IReadOnlyList<string>?> ModelsAsync(Endpoint endpoint, CancellationToken cancellation = default)
    {
        using var http = EndpointHttp.Direct(endpoint with { Timeout = TimeSpan.FromSeconds(30) });
        using var answer = await AskAsync(http, endpoint, cancellation);
        var text = endpoint.Redacted(await answer.Content.ReadAsStringAsync(cancellation));
        switch ((int)answer.StatusCode)
        {
            case >= 200 and < 300:
                return Names(text) ?? throw new EndpointException($"{endpoint.Address} answers, but not as an OpenAI-compatible server: " +
                    $"{text.OneLine()} Its routes often begin at {endpoint.Route("v1")}.");
            case 401 or 403:
                throw Refused(endpoint, text);
            case >= 300 and < 400:
                throw new EndpointException($"{endpoint.Address} sends elsewhere, to {answer.Headers.Location}. Name that server with --endpoint.");
            case 404 when await IsThereAsync(http, endpoint, cancellation):
                throw new EndpointException($"{endpoint.Address} has no model: the server's routes begin at {endpoint.Route("v1")}. Name that with --endpoint.");
            default:
                return null;
        }
    }

    /// <summary>Says which models a server has, as the end of a message; empty where it does not tell.</summary>
    public static string Offer(IReadOnlyList<string>? models) => models switch
    {
        null => "",
        [] => " It offers no model.",
        _ => $" It offers {string.Join(", ", models.Take(Shown))}{(models.Count > Shown ? $" and {models.Count - Shown} more" : "")}.",
    };

    internal static EndpointException Refused(Endpoint endpoint, string answer, Exception? cause = null) => new(endpoint.Key is { } key
        ? $"{endpoint.Address} refuses {key}: {ServerFault.Read(answer).Message.TrimEnd('.')}. Set another one there."
        : $"{endpoint.Address} wants a key. Set it in the environment: {EndpointKey.Variables[0]}=… or {EndpointKey.Variables[1]}=….", cause);

    internal static string Redacted(this Endpoint endpoint, string text) => endpoint.Key?.Redact(text) ?? text;

    static async Task<HttpResponseMessage> AskAsync(HttpClient http, Endpoint endpoint, CancellationToken cancellation)
    {
        try
        {
            return await http.GetAsync(endpoint.Route("models"), cancellation);
        }
        catch (Exception e) when (e is HttpRequestException || e is TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            var reason = e is TaskCanceledException ? $"no answer within {http.Timeout.TotalSeconds:0} seconds" : e.Message;
            throw new EndpointException($"{endpoint.Address} cannot be reached: {endpoint.Redacted(reason).OneLine().TrimEnd('.')}. Is the server up, and is --endpoint right?", e);
        }
    }

    static async Task<bool> IsThereAsync(HttpClient http, Endpoint endpoint, CancellationToken cancellation)
    {
        using var answer = await AskAsync(http, endpoint with { Address = endpoint.Route("v1") }, cancellation);
        return answer.StatusCode == HttpStatusCode.OK && Names(await answer.Content.ReadAsStringAsync(cancellation)) is not null;
    }

    static List<string>? Names(string answer)
    {
        try
        {
            using var json = JsonDocument.Parse(answer);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Array
                ? [.. data.EnumerateArray().Where(m => m.ValueKind == JsonValueKind.Object && m.TryGetProperty("id", out _)).Select(m => m.GetProperty("id").ToString())]
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
