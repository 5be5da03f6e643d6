using System.Text;
using Microsoft.AspNetCore.Http;
using Rlef.Experiments;
using Rlef.Learning;
using Rlef.Policy;

namespace Rlef.Core.Tests.Policy.Hub;

public sealed class PolicyPathTests : IAsyncLifetime
{
    readonly string cache = Directory.CreateTempSubdirectory().FullName;
    HubServer hub = null!;

    public async ValueTask InitializeAsync()
    {
        hub = await HubServer.StartAsync();
        foreach (var path in Directory.GetFiles(Home.File("data", "nano", "base")))
            hub.Files[Path.GetFileName(path)] = await File.ReadAllBytesAsync(path);
        hub.Files["README.md"] = "A card, which no policy needs."u8.ToArray();
        hub.Files["pytorch_model.bin"] = [1, 2, 3];
    }

    public async ValueTask DisposeAsync()
    {
        await hub.DisposeAsync();
        Directory.Delete(cache, recursive: true);
    }

    static long Start(string? range) => range is null ? 0 : long.Parse(range["bytes=".Length..^1]);

    Task<string> FindAsync(string name = HubServer.Model, string? token = null, bool offline = false, IProgress<(long, long)>? progress = null) =>
        PolicyPath.FindAsync(name, hub.Options(cache) with { Token = token, Offline = offline }, progress, TestContext.Current.CancellationToken);

    async Task<string> RefusedAsync(string name = HubServer.Model, string? token = null, bool offline = false) =>
        (await Assert.ThrowsAsync<HubException>(() => FindAsync(name, token, offline))).Message;

    [Fact]
    public async Task A_model_is_fetched_over_dropped_connections_into_the_cache_that_others_share()
    {
        hub.DropAfter = 1_000_000;
        List<(long Done, long Total)> heard = [];
        var path = await FindAsync(token: HubServer.Token, progress: new ImmediateProgress<(long, long)>(heard.Add));
        var root = Path.Combine(cache, "models--org--tiny");
        Assert.Equal(Path.Combine(root, "snapshots", HubServer.Commit), path);
        Assert.Equal(HubServer.Commit, File.ReadAllText(Path.Combine(root, "refs", "main")));
        string[] needed = ["chat_template.jinja", "config.json", "model.safetensors", "tokenizer.json"];
        Assert.Equal(needed, Directory.GetFiles(path).Select(Path.GetFileName).Order());
        Assert.All(needed, name => Assert.Equal($"../../blobs/{HubServer.Tag(name, hub.Files[name])}", new FileInfo(Path.Combine(path, name)).LinkTarget));
        Assert.Equal(needed.Select(name => HubServer.Tag(name, hub.Files[name])).Order(), Directory.GetFiles(Path.Combine(root, "blobs")).Select(Path.GetFileName).Order());
        using var fetched = PolicyCheckpoint.Load(path);
        using var own = PolicyCheckpoint.Load(Home.File("data", "nano", "base"));
        Assert.Equal(Recipe.DigestOf(own.Model), Recipe.DigestOf(fetched.Model));
        var size = needed.Sum(name => (long)hub.Files[name].Length);
        Assert.Equal((size, size), heard[^1]);
        // The store, at another address, never sees the token; the hub does.
        Assert.All(hub.Requests, r => Assert.Equal(r.Path.StartsWith("/api/", StringComparison.Ordinal) || r.Path.Contains("/resolve/"), r.Token));
        // A reset may lose what was under way, but never more than that.
        long[] starts = [.. hub.Requests.Where(r => r.Path.Length == 65).Select(r => Start(r.Range))];
        Assert.Equal(0, starts[0]);
        Assert.True(starts.Length >= 5);
        Assert.All(starts.Zip(starts[1..]), pair => Assert.InRange(pair.Second, pair.First + 1, pair.First + hub.DropAfter.Value));
        // What is there is not fetched again, by any name of the same commit.
        var before = hub.Fetches;
        Assert.Equal(path, await FindAsync());
        Assert.Equal(path, await FindAsync("org/tiny@v1"));
        Assert.Equal(before, hub.Fetches);
    }

    [Fact]
    public async Task A_fetch_that_was_killed_goes_on_where_it_was()
    {
        var (weights, blobs) = (hub.Files["model.safetensors"], Path.Combine(cache, "models--org--tiny", "blobs"));
        Directory.CreateDirectory(blobs);
        await File.WriteAllBytesAsync(Path.Combine(blobs, HubServer.Sha256(weights) + ".incomplete"), weights[..1_500_000]);
        var path = await FindAsync();
        Assert.Equal(weights, await File.ReadAllBytesAsync(Path.Combine(path, "model.safetensors")));
        Assert.Equal("bytes=1500000-", Assert.Single(hub.Requests, r => r.Path.Length == 65).Range);
    }

    [Theory]
    [InlineData("model.safetensors")]
    [InlineData("tokenizer.json")]
    public async Task A_content_with_another_checksum_is_refused_and_removed(string name)
    {
        var (content, blobs) = (hub.Files[name], Path.Combine(cache, "models--org--tiny", "blobs"));
        var begun = Path.Combine(blobs, HubServer.Tag(name, content) + ".incomplete");
        Directory.CreateDirectory(blobs);
        await File.WriteAllBytesAsync(begun, new byte[content.Length]);
        Assert.Contains($"{name} of org/tiny did not arrive as the hub has it", await RefusedAsync());
        Assert.False(File.Exists(begun));
        Assert.Equal(content, await File.ReadAllBytesAsync(Path.Combine(await FindAsync(), name)));
    }

    [Fact]
    public async Task A_connection_that_gives_nothing_more_is_given_up_and_what_came_is_kept()
    {
        hub.Intercept = context =>
        {
            // The third request and those after it: the hub's store is gone.
            if (context.Request.Path.Value!.Length != 65 || context.Request.Headers.Range.Count == 0)
                return false;
            context.Abort();
            return true;
        };
        hub.DropAfter = 700_000;
        var error = await RefusedAsync();
        var kept = new FileInfo(Assert.Single(Directory.GetFiles(cache, "*.incomplete", SearchOption.AllDirectories))).Length;
        Assert.InRange(kept, 1, 700_000);
        Assert.Contains($"model.safetensors of org/tiny breaks off after {kept} of", error);
        hub.Intercept = _ => false;
        hub.DropAfter = null;
        await FindAsync();
        Assert.Equal(kept, Start(hub.Requests.Last(r => r.Path.Length == 65).Range));
    }

    [Fact]
    public async Task Without_a_hub_the_cache_serves_and_what_it_lacks_is_named()
    {
        Assert.Contains("HF_HUB_OFFLINE forbids to fetch it", await RefusedAsync(offline: true));
        Assert.Empty(hub.Requests);
        var path = await FindAsync();
        var before = hub.Requests.Count;
        Assert.Equal(path, await FindAsync(offline: true));
        Assert.Equal(path, await FindAsync($"org/tiny@{HubServer.Commit}", offline: true));
        Assert.Contains("org/tiny@v2", await RefusedAsync("org/tiny@v2", offline: true));
        Assert.Equal(before, hub.Requests.Count);
        var options = hub.Options(cache);
        hub.Intercept = context => { context.Response.StatusCode = 503; return true; };
        Assert.Equal(path, await FindAsync());
        await hub.DisposeAsync();
        Assert.Equal(path, await PolicyPath.FindAsync(HubServer.Model, options));
        var error = await Assert.ThrowsAsync<HubException>(() => PolicyPath.FindAsync("org/other", options));
        Assert.StartsWith($"org/other is no folder or file here, and {options.Endpoint} cannot be reached", error.Message);
    }

    [Fact]
    public async Task What_is_fetched_in_part_is_no_model_and_the_hub_is_named()
    {
        hub.Intercept = context =>
        {
            context.Response.StatusCode = 503;
            return context.Request.Path.Value!.EndsWith("model.safetensors", StringComparison.Ordinal);
        };
        Assert.Contains("cannot be reached", await RefusedAsync());
        Assert.Contains("HF_HUB_OFFLINE forbids to fetch it", await RefusedAsync(offline: true));
        hub.Intercept = _ => false;
        Assert.Equal(await FindAsync(), await FindAsync(offline: true));
    }

    [Theory]
    [InlineData("org/tiny@v2", 0, "", "has org/tiny, but no revision v2 of it")]
    [InlineData("org/none", 0, "", "has no org/none")]
    [InlineData("org/tiny", 401, "RepoNotFound", "has no org/tiny that it shows to the token's owner. Check the name. Set another HF_TOKEN if the model is private")]
    [InlineData("org/tiny", 403, "GatedRepo", "wants its terms accepted there first")]
    [InlineData("org/tiny:none.gguf", 0, "", "has no file none.gguf")]
    public async Task What_a_hub_refuses_is_said_with_the_way_out(string name, int status, string code, string message)
    {
        hub.Intercept = context =>
        {
            if (status > 0)
                HubServer.RefuseAsync(context, status, code);
            return status > 0;
        };
        var error = await RefusedAsync(name, HubServer.Token);
        Assert.Contains(message, error);
        Assert.DoesNotContain(HubServer.Token, error);
    }

    [Fact]
    public async Task A_gguf_file_is_fetched_alone()
    {
        hub.Files["Q4/tiny-q4.gguf"] = Encoding.ASCII.GetBytes("GGUF, as it were");
        var path = await FindAsync("org/tiny@v1:Q4/tiny-q4.gguf");
        Assert.EndsWith("/Q4/tiny-q4.gguf", path);
        Assert.Equal(hub.Files["Q4/tiny-q4.gguf"], await File.ReadAllBytesAsync(path));
        Assert.Equal(1, hub.Requests.Count(r => r.Path.Length == 65));
        Assert.Equal(path, await FindAsync("org/tiny@v1:Q4/tiny-q4.gguf", offline: true));
        hub.Files.Remove("model.safetensors");
        Assert.Contains("has no weights as safetensors. It has GGUF files, of which one can be named: org/tiny:Q4/tiny-q4.gguf.", await RefusedAsync());
    }

    [Fact]
    public async Task Weights_of_several_files_are_those_of_the_index()
    {
        var weights = hub.Files["model.safetensors"];
        hub.Files.Remove("model.safetensors");
        (hub.Files["model-00001-of-00002.safetensors"], hub.Files["model-00002-of-00002.safetensors"], hub.Files["other.safetensors"]) = (weights[..1000], weights[1000..3000], weights[..5]);
        hub.Files["model.safetensors.index.json"] = """{"weight_map": {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors", "c": "model-00001-of-00002.safetensors"}}"""u8.ToArray();
        var path = await FindAsync();
        Assert.Equal(["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"], Directory.GetFiles(path, "*.safetensors").Select(Path.GetFileName).Order());
        hub.Files["model.safetensors.index.json"] = """{"weight_map": {"a": "../../../../evil"}}"""u8.ToArray();
        Assert.Contains("'../../../../evil' is no name of a file", (await Assert.ThrowsAsync<InvalidDataException>(() => FindAsync())).Message);
    }

    [Fact]
    public async Task A_renamed_model_is_followed()
    {
        hub.Intercept = context =>
        {
            var path = context.Request.Path.Value!;
            if (!path.Contains("org/former", StringComparison.Ordinal))
                return false;
            context.Response.StatusCode = 307;
            context.Response.Headers.Location = path.Replace("org/former", "org/tiny");
            return true;
        };
        Assert.True(File.Exists(Path.Combine(await FindAsync("org/former", HubServer.Token), "model.safetensors")));
    }

    [Fact]
    public async Task Two_who_want_it_at_once_fetch_it_once()
    {
        var paths = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => FindAsync())));
        Assert.Single(paths.Distinct());
        Assert.Equal(1, hub.Requests.Count(r => r.Path.Length == 65));
    }

    [Fact]
    public async Task What_is_here_is_no_model_of_a_hub()
    {
        var folder = $"hub-{Guid.NewGuid():N}";
        Directory.CreateDirectory(Path.Combine(folder, "tiny"));
        try
        {
            Assert.Equal($"{folder}/tiny", await FindAsync($"{folder}/tiny"));
            Assert.Empty(hub.Requests);
            Assert.Contains($"{folder}/tyni is no folder or file here, and", await RefusedAsync($"{folder}/tyni"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("org/name", "org/name", "main", null)]
    [InlineData("Qwen/Qwen2.5-0.5B_x@refs/pr/1", "Qwen/Qwen2.5-0.5B_x", "refs/pr/1", null)]
    [InlineData("org/name:a/b-Q4_K_M.gguf", "org/name", "main", "a/b-Q4_K_M.gguf")]
    [InlineData("org/name@v1:b.gguf", "org/name", "v1", "b.gguf")]
    public void A_name_has_a_repository_a_revision_and_a_file(string name, string repository, string revision, string? file) =>
        Assert.Equal(new(repository, revision, file), HubName.TryParse(name));

    [Theory]
    [InlineData("name")]
    [InlineData("./runs/mine")]
    [InlineData("/runs/mine")]
    [InlineData("runs/mine/policy")]
    [InlineData("../mine")]
    [InlineData("org/..")]
    [InlineData("org/name@../../x")]
    [InlineData("org/name:../x.gguf")]
    [InlineData("org/name:x.bin")]
    [InlineData("org--a/name")]
    [InlineData("")]
    public async Task What_is_no_name_of_a_hub_stays_as_it_is(string name)
    {
        Assert.Null(HubName.TryParse(name));
        Assert.Equal(name, await FindAsync(name));
        Assert.Empty(hub.Requests);
    }
}
