using System.Text.Json;
using Rlef.Storage;

namespace Rlef.Policy;

/// <summary>Finds a policy by what a user calls it: a folder or file of this machine, or else a model on a hub.</summary>
public static class PolicyPath
{
    const string Single = "model.safetensors", Index = "model.safetensors.index.json";

    /// <param name="name">Folder, GGUF file, or <see cref="HubName"/>. What is there as a folder or file is that.</param>
    /// <param name="options">Null for <see cref="HubOptions.FromEnvironment"/>.</param>
    /// <param name="progress">Hears how many of how many bytes are there.</param>
    /// <returns>Path of a folder or GGUF file; the name itself where it can be none of a hub.</returns>
    /// <exception cref="HubException">The hub has no such model, or cannot be reached and the model is not in the cache.</exception>
    public static async Task<string> FindAsync(string name, HubOptions? options = null, IProgress<(long Done, long Total)>? progress = null, CancellationToken cancellation = default)
    {
        if (File.Exists(name) || Directory.Exists(name) || HubName.TryParse(name) is not { } model)
            return name;
        options ??= HubOptions.FromEnvironment();
        var cache = new HubCache(options.Cache, model.Repository);
        if (options.Offline)
            return InCache(cache, model) ?? throw new HubException($"{name} is no folder or file here, and not in {options.Cache}; HF_HUB_OFFLINE forbids to fetch it.");
        using var client = new HubClient(options, model);
        try
        {
            return await FetchAsync(client, cache, model, progress, cancellation);
        }
        catch (Exception e) when (HubClient.IsLost(e, cancellation))
        {
            return InCache(cache, model) ?? throw new HubException($"{name} is no folder or file here, and {options.Endpoint} cannot be reached: " +
                $"{e.OneLine().TrimEnd('.')}. HF_ENDPOINT names another hub.", e);
        }
        catch (HubException e) when (!name.Contains('@', StringComparison.Ordinal) && Directory.Exists(Path.GetDirectoryName(name)))
        {
            throw new HubException($"{name} is no folder or file here, and {e.Message}", e);
        }
    }

    /// <summary>A name as a file in a folder means it: what is there below the folder, or else a model on a hub.</summary>
    internal static string From(string folder, string name) =>
        Path.Combine(folder, name) is var local && !File.Exists(local) && !Directory.Exists(local) && HubName.TryParse(name) is not null ? name : local;

    static string? InCache(HubCache cache, HubName model)
    {
        if (cache.CommitOf(model.Revision) is not { } commit)
            return null;
        var path = Path.Combine(cache.Snapshot(commit), model.File ?? "");
        if (model.File is not null)
            return File.Exists(path) ? path : null;
        return Has(PolicyFiles.ConfigName) && (Has(Single) || Has(Index) && Shards(Path.Combine(path, Index)).All(Has)) ? path : null;

        bool Has(string file) => File.Exists(Path.Combine(path, file));
    }

    static async Task<string> FetchAsync(HubClient client, HubCache cache, HubName model, IProgress<(long, long)>? progress, CancellationToken cancellation)
    {
        var (commit, all) = await client.ListAsync(cancellation);
        var (done, total) = (0L, 0L);
        if (model.File is { } one)
        {
            if (!all.Contains(one))
                throw new HubException($"{model.Repository} has no file {one}.{Ggufs(all)}");
            await FetchFilesAsync([one]);
            cache.SetCommit(model.Revision, commit);
            return Path.Combine(cache.Snapshot(commit), one);
        }
        if (!all.Contains(Single) && !all.Contains(Index))
            throw new HubException($"{model} has no weights as safetensors.{Ggufs(all)}");
        var indexed = !all.Contains(Single);
        await FetchFilesAsync([.. PolicyFiles.Names.Where(all.Contains), .. indexed ? [Index] : Array.Empty<string>()]);
        await FetchFilesAsync(indexed ? Shards(Path.Combine(cache.Snapshot(commit), Index)) : [Single]);
        // Not before all of it is there: what was fetched in part is not what a revision is.
        cache.SetCommit(model.Revision, commit);
        return cache.Snapshot(commit);

        string Ggufs(string[] files) => files.Where(f => f.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase)).ToArray() is { Length: > 0 } ggufs
            ? $" It has GGUF files, of which one can be named: {string.Join(", ", ggufs.Take(8).Select(f => $"{model.Repository}:{f}"))}{(ggufs.Length > 8 ? " …" : "")}."
            : "";

        async Task FetchFilesAsync(string[] files)
        {
            List<HubFile> found = [];
            foreach (var file in files)
                found.Add(await client.FindAsync(commit, file, cancellation));
            total += found.Sum(f => f.Size ?? 0);
            foreach (var file in found)
            {
                var blob = cache.Blob(file.Tag);
                // What is there needs no lock: the cache may be one to read alone.
                using (File.Exists(blob) ? null : await cache.LockAsync(file.Tag, cancellation))
                    if (!File.Exists(blob))
                    {
                        await client.FetchAsync(file, blob + ".incomplete", got => progress?.Report((done += got, total)), cancellation);
                        File.Move(blob + ".incomplete", blob);
                    }
                    else
                        progress?.Report((done += file.Size ?? 0, total));
                cache.Link(commit, file.Path, file.Tag);
            }
        }
    }

    static string[] Shards(string index) => JsonFile.Read(index, text =>
    {
        using var json = JsonDocument.Parse(text);
        string[] shards = [.. json.RootElement.Field("weight_map").EnumerateObject().Select(entry => entry.Value.GetString() ?? "").Distinct().Order(StringComparer.Ordinal)];
        return shards.FirstOrDefault(name => name.Length == 0 || name != Path.GetFileName(name) || name.StartsWith('.')) is { } odd
            ? throw new JsonException($"'{odd}' is no name of a file.") : shards;
    });
}
