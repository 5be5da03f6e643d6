using Rlef.Experiments;
using Rlef.Policy;
using Rlef.Randomness;

namespace Rlef.Core.Tests.Policy;

/// <summary>Many responses at once, on rows that hold other dialogues' beginnings, are those of each alone.</summary>
public sealed class GenerationEngineTests : IDisposable
{
    const int MaxLength = 200;

    readonly PolicyCheckpoint policy = PolicyCheckpoint.Load(Home.File("data", "nano", "base"));

    public void Dispose() => policy.Dispose();

    static CancellationToken Patience => TestContext.Current.CancellationToken;

    // Dialogues that have beginnings of many lengths in common.
    static GenerationRequest Request(int number)
    {
        var random = RandomStream.For(3, number);
        int[] prompt = [.. Enumerable.Range(0, 1 + random.NextInt(120)).Select(i => i < 20 + 20 * (number % 4) ? 10 + i : 10 + number + i)];
        return new(prompt, new(number % 3 == 0 ? 0 : 1, number % 2 == 0 ? 1 : 0.8, 1 + number % 40), RandomStream.For(4, number), token => token % 50 == 7, number % 5 == 0 ? 3 : 0);
    }

    OpenResponse Alone(GenerationRequest request)
    {
        using var decoder = Decoders.Create(policy.Model, 1, MaxLength, threads: 1);
        var response = new OpenResponse(0, request.Prompt, request.Random, request.Sampling, request.Ends, request.Alternatives);
        while (!response.Ended)
            decoder.Sample([response]);
        return response;
    }

    static async Task<List<DrawnToken>> AllAsync(Generation generation)
    {
        List<DrawnToken> tokens = [];
        await foreach (var token in generation.Tokens.ReadAllAsync(Patience))
            tokens.Add(token);
        return tokens;
    }

    public static TheoryData<int, int> Sizes => new() { { 1, 7 }, { 3, 16 }, { 8, 512 } };

    [Theory, MemberData(nameof(Sizes))]
    public async Task Each_response_is_what_it_is_alone_to_the_bit(int rows, int promptStep)
    {
        using var decoder = Decoders.Create(policy.Model, rows, MaxLength);
        using var engine = new GenerationEngine(decoder, promptStep);
        var reused = 0;
        await Parallel.ForAsync(0, 60, new ParallelOptions { MaxDegreeOfParallelism = 12, CancellationToken = Patience }, async (number, _) =>
        {
            var request = Request(number);
            var generation = Assert.Single(engine.Start([request]));
            var (expected, tokens) = (Alone(request), await AllAsync(generation));
            Assert.Equal(expected.Tokens, tokens.Select(t => t.Token));
            Assert.Equal(expected.LogProbs, tokens.Select(t => t.LogProb));
            Assert.Equal(expected.Truncated, generation.Truncated);
            Assert.All(tokens.Zip(expected.Tokens.Select((_, i) => i)), pair => Assert.Equal(request.Alternatives > 0 ? expected.Alternatives[pair.Second] : [], pair.First.Alternatives));
            Assert.InRange(generation.Reused, 0, request.Prompt.Length - 1);
            Interlocked.Add(ref reused, generation.Reused);
        });
        Assert.True(reused > 500, $"only {reused} tokens were found on rows");
        Assert.Equal((0, 0), (engine.Waiting, engine.Speaking));
    }

    [Fact]
    public async Task Choices_of_a_prompt_read_it_once()
    {
        using var decoder = Decoders.Create(policy.Model, 4, MaxLength);
        using var engine = new GenerationEngine(decoder);
        int[] prompt = [.. Enumerable.Range(0, 100)];
        var generations = engine.Start([.. Enumerable.Range(0, 6).Select(i => new GenerationRequest(prompt, new(1, 1, 20), RandomStream.For(1, i), _ => false))]);
        foreach (var generation in generations)
            Assert.Equal(20, (await AllAsync(generation)).Count);
        Assert.Equal([0, 99, 99, 99, 99, 99], generations.Select(g => g.Reused));
    }

    [Fact]
    public async Task Who_cancels_leaves_the_row_to_others_and_so_does_who_waits()
    {
        using var decoder = Decoders.Create(policy.Model, 1, MaxLength);
        using var engine = new GenerationEngine(decoder);
        GenerationRequest Long(int seed) => new(new[] { 1, 2, seed }, new(1, 1, 190), RandomStream.For(1, seed), _ => false);
        var (first, second, third) = (engine.Start([Long(1)])[0], engine.Start([Long(2)])[0], engine.Start([Long(3)])[0]);
        await first.Tokens.ReadAsync(Patience);
        second.Cancel();
        first.Cancel();
        Assert.Equal(190, (await AllAsync(third)).Count);
        foreach (var given in (Generation[])[first, second])
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => AllAsync(given));
        Assert.Throws<ArgumentException>(() => engine.Start([Long(1) with { Sampling = new(1, 1, 198) }]));
        Assert.Throws<ArgumentException>(() => engine.Start([Long(1) with { Prompt = default }]));
    }

    [Fact]
    public async Task A_fault_ends_what_is_under_way_and_nothing_later()
    {
        using var decoder = Decoders.Create(policy.Model, 2, MaxLength);
        using var engine = new GenerationEngine(decoder);
        var good = Request(8);
        var faulty = good with { Prompt = (int[])[1, -1] };
        await Assert.ThrowsAsync<ArgumentException>(() => AllAsync(engine.Start([faulty])[0]));
        Assert.Equal(Alone(good).Tokens, (await AllAsync(engine.Start([good])[0])).Select(t => t.Token));
    }

    [Fact]
    public async Task The_end_cancels_what_is_under_way()
    {
        using var decoder = Decoders.Create(policy.Model, 1, MaxLength);
        var engine = new GenerationEngine(decoder);
        var generations = engine.Start([.. Enumerable.Range(0, 3).Select(i => new GenerationRequest(new[] { 1 }, new(1, 1, 199), RandomStream.For(1, i), _ => false))]);
        await generations[0].Tokens.ReadAsync(Patience);
        engine.Dispose();
        engine.Dispose();
        foreach (var generation in generations)
            Assert.IsAssignableFrom<OperationCanceledException>(await Record.ExceptionAsync(() => AllAsync(generation)));
        Assert.Throws<ObjectDisposedException>(() => engine.Start([Request(1)]));
    }

    [Fact]
    public void A_plan_fits_the_model_and_the_memory()
    {
        Assert.Equal(new(64, 1024), DecoderPlan.For(policy.Model));
        Assert.Equal(new(3, 100), DecoderPlan.For(policy.Model, 3, 100));
        Assert.Contains("1024 positions", Assert.Throws<ArgumentException>(() => DecoderPlan.For(policy.Model, maxLength: 1025)).Message);
    }
}
