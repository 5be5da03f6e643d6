using System.Diagnostics;
using System.Text.Json;
using Rlef.Dialogue;
using Rlef.Experiments;
using Rlef.Policy;

namespace Rlef.Server.Tests;

/// <summary>OpenAI's own client, from npm, before our server.</summary>
public sealed class OpenAiClientTests(ServedPolicy served) : IClassFixture<ServedPolicy>
{
    const string Package = "openai@6.49.0", Key = "0123456789abcdef-key";
    static readonly string Folder = Home.File(".rlef", "openai");

    static async Task<(int Code, string Output, string Error)> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, error);
    }

    static async Task PrepareAsync()
    {
        string[] found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        foreach (var program in (string[])["node", "npm"])
            Assert.SkipUnless(found.Any(folder => File.Exists(Path.Combine(folder, program))), $"{program} is not installed, so there is no client of OpenAI's to ask with");
        Directory.CreateDirectory(Folder);
        if (!File.Exists(Path.Combine(Folder, "node_modules", "openai", "package.json")))
        {
            var (code, output, error) = await RunAsync("npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--no-save", "--prefix", Folder, Package);
            Assert.True(code == 0, output + error);
        }
        File.Copy(Home.File("tests", "Rlef.Server.Tests", "OpenAi", "openai_client.mjs"), Path.Combine(Folder, "client.mjs"), overwrite: true);
    }

    [Fact]
    public async Task OpenAIs_own_client_is_understood_and_understands()
    {
        await PrepareAsync();
        await using var running = await served.StartAsync(new() { Key = new(Key) });
        var (code, output, error) = await RunAsync("node", "client.mjs", $"{running.Server.Address}v1", Key, ServedPolicy.Name);
        Assert.True(code == 0, error);
        var told = JsonDocument.Parse(output).RootElement;
        JsonElement Choice(string name) => told.GetProperty(name).GetProperty("choices")[0];

        var format = new ChatFormat(served.Policy.Files);
        int[] ids = [.. TextGenerator.Continue(served.Policy.Model, format.FirstPrompt("Print the sum of the numbers."), new(0, MaxTokens: 40), [format.EndToken])];
        var expected = format.Tokenizer.Decode(ids);
        Assert.Equal(expected, Choice("chat").GetProperty("message").GetProperty("content").GetString());
        Assert.Equal(expected, told.GetProperty("streamed").GetProperty("said").GetString());
        Assert.Equal(Choice("chat").GetProperty("finish_reason").GetString(), told.GetProperty("streamed").GetProperty("finish").GetString());
        Assert.Equal(told.GetProperty("chat").GetProperty("usage").GetProperty("total_tokens").GetInt32(), told.GetProperty("streamed").GetProperty("usage").GetProperty("total_tokens").GetInt32());
        Assert.Equal((expected[..expected.IndexOf('(')], "stop"), (Choice("stopped").GetProperty("message").GetProperty("content").GetString(), Choice("stopped").GetProperty("finish_reason").GetString()));
        JsonElement[] likely = [.. Choice("likely").GetProperty("logprobs").GetProperty("content").EnumerateArray()];
        Assert.Equal(ids[..3].Select(id => format.Tokenizer.Decode([id])), likely.Select(t => t.GetProperty("token").GetString()));
        Assert.All(likely, t => Assert.Equal((2, t.GetProperty("token").GetString()), (t.GetProperty("top_logprobs").GetArrayLength(), t.GetProperty("top_logprobs")[0].GetProperty("token").GetString())));
        string[] seeded = [.. told.GetProperty("seeded").EnumerateArray().Select(s => s.GetRawText())];
        Assert.Equal(seeded[0], seeded[1]);
        Assert.NotEqual(seeded[0], seeded[2]);
        var continued = string.Concat(TextGenerator.Continue(served.Policy, served.Policy.Tokenizer.EncodeMarkup("x = ", addSpecial: true), new(0, MaxTokens: 40), []));
        Assert.Equal((continued, continued), (Choice("text").GetProperty("text").GetString(), told.GetProperty("streamedText").GetProperty("said").GetString()));
        Assert.Equal([ServedPolicy.Name], told.GetProperty("models").EnumerateArray().Select(m => m.GetString()));
        Assert.Equal("left", told.GetProperty("left").GetProperty("code").GetString());
        await ServedPolicy.UnderWayAsync(Shown(running.Client), 0);

        foreach (var (name, type, status, faultCode, param) in new (string, string, int, string?, string?)[]
        {
            ("key", "AuthenticationError", 401, "invalid_api_key", null), ("model", "NotFoundError", 404, "model_not_found", "model"),
            ("field", "BadRequestError", 400, null, "temperature"), ("long", "BadRequestError", 400, "context_length_exceeded", "prompt"),
            ("large", "APIError", 413, null, null), ("stream", "BadRequestError", 400, null, "prompt"),
        })
        {
            var fault = told.GetProperty("faults").GetProperty(name);
            Assert.Equal((type, status, faultCode, param), (fault.GetProperty("type").GetString(), fault.GetProperty("status").GetInt32(), fault.GetProperty("code").GetString(), fault.GetProperty("param").GetString()));
        }
        Assert.Contains("8 MiB", told.GetProperty("faults").GetProperty("large").GetProperty("message").GetString());
    }

    static HttpClient Shown(HttpClient client)
    {
        client.DefaultRequestHeaders.Authorization = new("Bearer", Key);
        return client;
    }
}
