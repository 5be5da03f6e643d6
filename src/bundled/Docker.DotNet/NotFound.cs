using System.Net;

namespace Docker.DotNet;

/// <summary>Makes the exception of an endpoint whose object does not exist.</summary>
delegate DockerApiException NotFound(HttpStatusCode statusCode, string? responseBody);
