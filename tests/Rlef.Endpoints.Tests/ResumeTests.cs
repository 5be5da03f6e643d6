using Rlef.Dialogue;
using Rlef.Evaluation;
using Rlef.Experiments;
using static Rlef.Endpoints.Tests.Dialogues;

namespace Rlef.Endpoints.Tests;

public sealed class ResumeTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory().FullName;
    string Path => System.IO.Path.Combine(folder, "results.json.dialogues.jsonl");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    static EvaluationRecipe Recipe(double temperature = 0.25, string policy = "made-up") =>
        EvaluationRecipe.Of(policy, Set(5), Options() with { Sampling = Options().Sampling with { Temperature = temperature } }, null, 1, []);

    async Task<PlayedEvaluation> PlayAsync(Endpoint endpoint, int samples = 2, CancellationToken cancellation = default, IProgress<(int, int)>? done = null)
    {
        using var client = await EndpointClient.ConnectAsync(endpoint);
        using var file = DialogueFile.Open(Path, Recipe());
        return await PlayedEvaluation.PlayAsync(new ServedPolicy(client, new Reader(), 1), Set(5), samples, Options(), 1, file, done, cancellation);
    }

    // Solves what has an even number, in the second turn.
    static string Answer(ChatServer.Request request) => request.Messages.Length > 1 && (request.Messages[0][^1] - '0') % 2 == 0 ? Right : Wrong;

    sealed class After(int count, CancellationTokenSource stop) : IProgress<(int Done, int Total)>
    {
        public void Report((int Done, int Total) value)
        {
            if (value.Done == count)
                stop.Cancel();
        }
    }

    [Fact]
    public async Task An_interrupted_evaluation_goes_on_and_ends_as_an_uninterrupted_one()
    {
        await using var server = await ChatServer.StartAsync(Answer);
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => PlayAsync(server.Endpoint, cancellation: stop.Token, done: new After(4, stop)));
        var before = server.Requests.Count;
        // As a process leaves it that is killed while it writes.
        File.AppendAllText(Path, "{\"sample\":1,\"outc");
        var resumed = await PlayAsync(server.Endpoint);
        Assert.Equal(10, resumed.Dialogues.Count);
        var after = server.Requests.Count;
        // Problems of even numbers need two answers, the others three; two dialogues each. The one cancelled may have asked already.
        Assert.InRange(after, 24, 27);
        Assert.True(before is > 0 and < 24);
        var again = await PlayAsync(server.Endpoint);
        Assert.Equal(after, server.Requests.Count);
        File.Delete(Path);
        var whole = await PlayAsync(server.Endpoint);
        foreach (var played in (PlayedEvaluation[])[resumed, again])
        {
            Assert.Equal(whole.Dialogues.Select(Text), played.Dialogues.Select(Text));
            Assert.Equal(whole.Usage, played.Usage);
            Assert.Equal(0.6, played.Result.MultiTurn(2).Average(), 9);
        }

        static string Text(PlayedDialogue d) => System.Text.Json.JsonSerializer.Serialize(d);
    }

    [Fact]
    public async Task More_dialogues_are_added_to_those_there_are()
    {
        await using var server = await ChatServer.StartAsync(_ => Right);
        await PlayAsync(server.Endpoint, samples: 1);
        Assert.Equal(15, (await PlayAsync(server.Endpoint, samples: 3)).Dialogues.Count);
        Assert.Equal(15, server.Requests.Count);
        Assert.Equal(15, DialogueFile.Read(Path).Count);
    }

    [Fact]
    public async Task What_the_server_failed_on_is_played_again()
    {
        var fails = true;
        await using var server = await ChatServer.StartAsync((request, context) => fails && request.Messages[0].EndsWith('3')
            ? ChatServer.RefuseAsync(context, 500, "", "Out of order.") : ChatServer.SayAsync(context, request.Messages[0].EndsWith('4') ? "" : Right, request.Messages[0].EndsWith('4') ? "length" : "stop"));
        var first = await PlayAsync(server.Endpoint with { Retries = 0 });
        Assert.Equal([(Breakage.Length, 2), (Breakage.Failure, 2)], first.Broken);
        Assert.Equal((2, 0.75), (first.Masked, first.Result.MultiTurn(1).Average()));
        fails = false;
        var second = await PlayAsync(server.Endpoint);
        Assert.Equal([(Breakage.Length, 2)], second.Broken);
        Assert.Equal((0, 0.8, 12), (second.Masked, second.Result.MultiTurn(1).Average(), server.Requests.Count));
    }

    [Fact]
    public async Task While_one_process_writes_others_read_and_none_writes()
    {
        using (DialogueFile.Open(Path, Recipe()))
        {
            Assert.Empty(DialogueFile.Read(Path));
            using var open = DialogueFile.Open(System.IO.Path.Combine(folder, "other.jsonl"), Recipe());
            Assert.Equal("taken", await TakeAsync(System.IO.Path.Combine(folder, "other.jsonl")));
        }
        Assert.Equal("free", await TakeAsync(Path));

        // Locks are of processes, so that another is asked.
        static async Task<string> TakeAsync(string path)
        {
            using var python = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("python3",
                ["-c", "import fcntl, sys\nf = open(sys.argv[1], 'r+')\ntry:\n    fcntl.lockf(f, fcntl.LOCK_EX | fcntl.LOCK_NB)\n    print('free')\nexcept OSError:\n    print('taken')", path])
            { RedirectStandardOutput = true })!;
            return (await python.StandardOutput.ReadToEndAsync()).Trim();
        }
    }

    [Fact]
    public void Another_evaluation_is_refused_by_what_differs()
    {
        DialogueFile.Open(Path, Recipe()).Dispose();
        DialogueFile.Open(Path, Recipe()).Dispose();
        var before = File.ReadAllText(Path);
        var error = Assert.Throws<InvalidDataException>(() => DialogueFile.Open(Path, Recipe(temperature: 0.5, policy: "other")));
        Assert.Contains("policy made-up instead of other, temperature 0.25 instead of 0.5", error.Message);
        Assert.Contains(Path, error.Message);
        Assert.Equal(before, File.ReadAllText(Path));
        File.WriteAllText(Path, "Dear diary,\n");
        Assert.Contains($"{Path}, line 1", Assert.Throws<InvalidDataException>(() => DialogueFile.Open(Path, Recipe())).Message);
    }
}
