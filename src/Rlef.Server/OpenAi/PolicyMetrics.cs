using Prometheus;
using Rlef.Policy;

namespace Rlef.Server;

/// <summary>What a policy's server counts.</summary>
sealed class PolicyMetrics : RequestMetrics
{
    readonly Counter prompt, reused, generated;
    readonly Histogram firstToken;

    public PolicyMetrics(GenerationEngine engine) : base("rlef_serve")
    {
        prompt = Factory.CreateCounter("rlef_serve_prompt_tokens_total", "Tokens of prompts.");
        reused = Factory.CreateCounter("rlef_serve_prompt_tokens_reused_total", "Tokens of prompts that a row of the decoder held already.");
        generated = Factory.CreateCounter("rlef_serve_generated_tokens_total", "Tokens drawn.");
        firstToken = Factory.CreateHistogram("rlef_serve_first_token_seconds", "From a request's arrival to the first token of each response, " +
            "waiting included.", new HistogramConfiguration { Buckets = Buckets });
        var drawn = Factory.CreateGauge("rlef_serve_responses_in_progress", "Responses that are being drawn.");
        var waiting = Factory.CreateGauge("rlef_serve_responses_waiting", "Responses that wait for a row of the decoder.");
        Registry.AddBeforeCollectCallback(() =>
        {
            drawn.Set(engine.Speaking);
            waiting.Set(engine.Waiting);
        });
    }

    public void CountFirst(Generation generation, TimeSpan since)
    {
        prompt.Inc(generation.Request.Prompt.Length);
        reused.Inc(generation.Reused);
        firstToken.Observe(since.TotalSeconds);
    }

    public void CountToken() => generated.Inc();
}
