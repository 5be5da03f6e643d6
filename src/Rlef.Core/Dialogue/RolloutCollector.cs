using System.Collections.Immutable;
using System.Diagnostics;
using Rlef.Execution;
using Rlef.Policy;
using Rlef.Problems;
using Rlef.Randomness;

namespace Rlef.Dialogue;

/// <summary>
/// Plays episodes (RLEF section 2.1): the policy answers, the public tests judge, their outcome is the next message, until they all pass or the
/// turn limit is reached; then the private tests judge the last program.
/// </summary>
/// <remarks>
/// Episodes advance turn by turn together, as many as the decoder has rows. A response is judged as soon as it is complete, while
/// others are still being generated. What is decoded together never depends on how long the judge took.
/// </remarks>
public sealed class RolloutCollector(IDecoder decoder, ChatFormat format, IJudge judge)
{
    readonly Lock gate = new();

    /// <summary>Totals since the collector was made.</summary>
    public RolloutCost Cost { get; private set; } = new();

    /// <returns>Episodes in the order of the requests.</returns>
    public async Task<ImmutableArray<Episode>> CollectAsync(IReadOnlyList<RolloutRequest> requests, ulong seed, RolloutOptions options,
        IProgress<int>? finished = null, CancellationToken cancellation = default)
    {
        var episodes = ImmutableArray.CreateBuilder<Episode>(requests.Count);
        foreach (var wave in requests.Chunk(decoder.Capacity))
        {
            var dialogues = wave.Select((request, row) => new Dialogue(row, request)).ToArray();
            foreach (var dialogue in dialogues)
                decoder.Reset(dialogue.Row);
            var active = dialogues.ToList();
            for (var turn = 0; turn < options.TurnLimit && active.Count > 0; turn++)
            {
                foreach (var dialogue in active)
                    dialogue.Observe(turn, seed, options, format);
                active.RemoveAll(d => !d.Fits(decoder.MaxLength, options.Sampling));
                Generate(active, options, cancellation);
                var waited = Stopwatch.GetTimestamp();
                foreach (var dialogue in active)
                    await dialogue.JudgedAsync();
                Cost = Cost with { JudgeWait = Cost.JudgeWait + Stopwatch.GetElapsedTime(waited) };
                active.RemoveAll(d => d.Last.Public is { Accepted: true } or { Kind: VerdictKind.InfrastructureError });
            }
            var judged = await Task.WhenAll(dialogues.Select(d => JudgePrivateAsync(d, options, cancellation)));
            episodes.AddRange(judged);
            finished?.Report(episodes.Count);
        }
        return episodes.ToImmutable();
    }

    // Decodes one response for each dialogue, and starts judging each as it ends.
    void Generate(List<Dialogue> dialogues, RolloutOptions options, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        var vocabulary = decoder.VocabularySize;
        var logits = new float[dialogues.Count * vocabulary];
        var speaking = dialogues.ToList();
        while (speaking.Count > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            var rows = speaking.Select(d => d.Row).ToArray();
            var tokens = speaking.Select(d => d.Pending).ToArray();
            decoder.Append(rows, tokens, logits);
            for (var i = 0; i < speaking.Count; i++)
                if (speaking[i].Say(logits.AsSpan(i * vocabulary, vocabulary), options.Sampling, format))
                    speaking[i].StartJudging(judge, cancellation);
            Cost = Cost with { GeneratedTokens = Cost.GeneratedTokens + speaking.Count };
            speaking.RemoveAll(d => !d.Speaking);
        }
        Cost = Cost with { Generation = Cost.Generation + Stopwatch.GetElapsedTime(started) };
    }

    async Task<Episode> JudgePrivateAsync(Dialogue dialogue, RolloutOptions options, CancellationToken cancellation)
    {
        var (problem, last) = (dialogue.Request.Problem, dialogue.Last);
        var wanted = last.Public is { Kind: not VerdictKind.InfrastructureError } && (last.Public.Accepted || options.JudgeFailedPrograms);
        var verdicts = wanted
            ? await judge.JudgeAsync(last.Code!.Program, problem, problem.PrivateTests, !options.JudgeFailedPrograms, cancellation)
            : null;
        var executions = dialogue.Turns.Sum(t => t.Public?.Verdicts.Length ?? 0) + (verdicts?.Verdicts.Length ?? 0);
        lock (gate)
            Cost = Cost with { Executions = Cost.Executions + executions };
        return new Episode(problem, dialogue.Request.Sample, [.. dialogue.Turns], verdicts);
    }

    // An episode being played.
    sealed class Dialogue(int row, RolloutRequest request)
    {
        readonly List<int> response = [];
        readonly List<float> logProbs = [];
        RandomStream random;
        string observation = "";
        int[] prompt = [];
        int length;
        Task<Judgement>? judging;

        public int Row => row;
        public RolloutRequest Request => request;
        public List<Turn> Turns { get; } = [];
        public Turn Last => Turns[^1];
        public bool Speaking { get; private set; }

        // Tokens that the decoder has not seen yet.
        public ReadOnlyMemory<int> Pending { get; private set; }

        public void Observe(int turn, ulong seed, RolloutOptions options, ChatFormat format)
        {
            random = RandomStream.For(seed, [.. request.Key, turn]);
            observation = turn == 0
                ? options.Wording.FirstMessage(request.Problem.Statement)
                : options.Feedback.Feedback(request.Problem, Last.Public, random);
            prompt = turn == 0 ? format.FirstPrompt(observation) : format.NextPrompt(observation, Last.Response[^1]);
            // The last token of a response is never fed back while it is generated.
            Pending = turn == 0 ? prompt : (int[])[Last.Response[^1], .. prompt];
            response.Clear();
            logProbs.Clear();
            Speaking = true;
        }

        // A dialogue that has grown too long for another turn ends with the last one.
        public bool Fits(int maxLength, Sampling sampling)
        {
            var needed = length + prompt.Length + sampling.MaxTokens;
            if (needed > maxLength && Turns.Count == 0)
                throw new InvalidDataException($"Problem '{request.Problem.Id}' needs {needed} tokens for its first turn, but a dialogue " +
                    $"may have {maxLength}: shorten its statement, or allow longer dialogues or shorter responses.");
            return needed <= maxLength;
        }

        // Draws one token; true when the response is complete.
        public bool Say(Span<float> logits, Sampling sampling, ChatFormat format)
        {
            var (token, logProb) = Sampler.Sample(logits, sampling, ref random);
            response.Add(token);
            logProbs.Add(logProb);
            Pending = (int[])[token];
            Speaking = !format.Ends(token) && response.Count < sampling.MaxTokens;
            if (Speaking)
                return false;
            var truncated = !format.Ends(token);
            var text = format.Tokenizer.Decode(truncated ? response : response[..^1]);
            length += prompt.Length + response.Count;
            Turns.Add(new Turn
            {
                Observation = observation,
                Prompt = prompt,
                Response = [.. response],
                LogProbs = [.. logProbs],
                Text = text,
                Truncated = truncated,
                Code = CodeBlock.Find(text),
            });
            return true;
        }

        public void StartJudging(IJudge judge, CancellationToken cancellation) => judging = Last.Code is { } code
            ? judge.JudgeAsync(code.Program, request.Problem, request.Problem.PublicTests, cancellation: cancellation)
            : null;

        public async Task JudgedAsync()
        {
            if (judging is not null)
                Turns[^1] = Last with { Public = await judging };
        }
    }
}
