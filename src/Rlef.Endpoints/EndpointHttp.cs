using System.Net;
using System.Text;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using Polly.Timeout;

namespace Rlef.Endpoints;

/// <summary>The HTTP below a client: whole answers, in time, asked for again where that may help.</summary>
static class EndpointHttp
{
    const int LongestAnswer = 64 << 20;
    static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(1);

    /// <summary>Without retries, for the first contact: a wrong address should not take a minute to be told.</summary>
    public static HttpClient Direct(Endpoint endpoint) => Client(new WholeAnswers(endpoint.Key) { InnerHandler = Sockets() }, endpoint.Timeout);

    /// <summary>With retries.</summary>
    public static HttpClient Patient(Endpoint endpoint)
    {
        var pipeline = new ResiliencePipelineBuilder<HttpResponseMessage>();
        if (endpoint.Retries > 0)
            pipeline.AddRetry(new HttpRetryStrategyOptions
            {
                MaxRetryAttempts = endpoint.Retries,
                Delay = endpoint.RetryDelay,
                MaxDelay = LongestDelay,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = async outcome => HttpClientResiliencePredicates.IsTransient(outcome.Outcome) && !await IsOutOfMoneyAsync(outcome.Outcome.Result),
            });
        pipeline.AddTimeout(new HttpTimeoutStrategyOptions { Timeout = endpoint.Timeout });
        return Client(new ResilienceHandler(pipeline.Build()) { InnerHandler = new WholeAnswers(endpoint.Key) { InnerHandler = Sockets() } }, System.Threading.Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether a 429 says that the account is empty, which no waiting mends.</summary>
    public static bool IsOutOfMoney(string answer) => answer.Contains("insufficient_quota", StringComparison.Ordinal);

    static async ValueTask<bool> IsOutOfMoneyAsync(HttpResponseMessage? answer) =>
        answer?.StatusCode == HttpStatusCode.TooManyRequests && IsOutOfMoney(await answer.Content.ReadAsStringAsync());

    static HttpClient Client(HttpMessageHandler handler, TimeSpan timeout) => new(handler) { Timeout = timeout };

    // A redirected POST becomes a GET; the user is told of the redirect instead.
    static SocketsHttpHandler Sockets() => new() { AllowAutoRedirect = false, UseCookies = false, AutomaticDecompression = DecompressionMethods.All, ConnectTimeout = TimeSpan.FromSeconds(30) };

    // An answer that breaks off half-way is a failure like any other, and its time counts. The key is shown here alone, if there is one.
    sealed class WholeAnswers(EndpointKey? key) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
        {
            request.Headers.Authorization = key?.Header;
            var answer = await base.SendAsync(request, cancellation);
            try
            {
                await answer.Content.LoadIntoBufferAsync(LongestAnswer, cancellation);
                return answer;
            }
            catch (Exception e)
            {
                answer.Dispose();
                throw e is IOException ? new HttpRequestException(HttpRequestError.ResponseEnded, e.Message, e) : e;
            }
        }
    }
}
