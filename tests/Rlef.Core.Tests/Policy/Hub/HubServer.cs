using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Rlef.Policy;

namespace Rlef.Core.Tests.Policy.Hub;

/// <summary>A hub on this machine, with a store for large contents at another address, as hubs have it.</summary>
sealed class HubServer : IAsyncDisposable
{
    public const string Commit = "0123456789abcdef0123456789abcdef01234567", Model = "org/tiny", Token = "hf_secret_secret";

    readonly WebApplication hub, store;

    HubServer(WebApplication hub, WebApplication store) => (this.hub, this.store) = (hub, store);

    public Dictionary<string, byte[]> Files { get; } = [];

    /// <summary>Every request: method, path, range, and whether the token was shown.</summary>
    public ConcurrentQueue<(string Method, string Path, string? Range, bool Token)> Requests { get; } = [];

    /// <summary>Bytes after which the store drops a connection; null for never.</summary>
    public int? DropAfter { get; set; }

    /// <summary>Decides some requests itself; true if it did.</summary>
    public Func<HttpContext, bool> Intercept { get; set; } = _ => false;

    public HubOptions Options(string cache) => new(new(hub.Urls.First()), cache);

    public int Fetches => Requests.Count(r => r.Method == "GET" && !r.Path.StartsWith("/api/", StringComparison.Ordinal));

    public static async Task<HubServer> StartAsync()
    {
        WebApplication[] apps = [.. Enumerable.Range(0, 2).Select(_ =>
        {
            var builder = WebApplication.CreateEmptyBuilder(new());
            builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
            builder.Services.AddRoutingCore();
            return builder.Build();
        })];
        var server = new HubServer(apps[0], apps[1]);
        foreach (var app in apps)
        {
            app.Use(async (context, next) =>
            {
                var shown = context.Request.Headers.Authorization.ToString();
                server.Requests.Enqueue((context.Request.Method, context.Request.Path, context.Request.Headers.Range, shown.Length > 0));
                if (!server.Intercept(context))
                    await next(context);
            });
            app.UseRouting();
        }
        apps[0].MapGet("/api/models/org/tiny/revision/{revision}", (RequestDelegate)(context => (string?)context.Request.RouteValues["revision"] is "main" or "v1" or Commit
            ? context.Response.WriteAsync(JsonSerializer.Serialize(new { sha = Commit, siblings = server.Files.Keys.Select(name => new { rfilename = name }) }))
            : RefuseAsync(context, 404, "RevisionNotFound")));
        apps[0].MapMethods("/org/tiny/resolve/{commit}/{**file}", ["GET", "HEAD"], (RequestDelegate)(context => server.ResolveAsync(context, (string)context.Request.RouteValues["file"]!)));
        apps[1].MapGet("/{tag}", (RequestDelegate)(context => server.StoreAsync(context, server.Files.Values.Single(c => Sha256(c) == (string)context.Request.RouteValues["tag"]!))));
        await Task.WhenAll(apps.Select(a => a.StartAsync()));
        return server;
    }

    public static Task RefuseAsync(HttpContext context, int status, string code)
    {
        context.Response.StatusCode = status;
        context.Response.Headers["X-Error-Code"] = code;
        return context.Response.WriteAsync("{\"error\":\"refused\"}");
    }

    public static string Sha256(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    public static string GitSha1(byte[] content) => Convert.ToHexStringLower(SHA1.HashData([.. Encoding.ASCII.GetBytes($"blob {content.Length}\0"), .. content]));

    public static bool IsLarge(string name) => name.EndsWith(".safetensors", StringComparison.Ordinal) || name.EndsWith(".gguf", StringComparison.Ordinal);

    public static string Tag(string name, byte[] content) => IsLarge(name) ? Sha256(content) : GitSha1(content);

    Task ResolveAsync(HttpContext context, string file)
    {
        if (!Files.TryGetValue(file, out var content))
            return RefuseAsync(context, 404, "EntryNotFound");
        context.Response.Headers["X-Repo-Commit"] = Commit;
        if (IsLarge(file))
        {
            context.Response.Headers["X-Linked-ETag"] = $"\"{Sha256(content)}\"";
            context.Response.Headers["X-Linked-Size"] = $"{content.Length}";
            context.Response.Redirect($"{store.Urls.First()}/{Sha256(content)}");
            return Task.CompletedTask;
        }
        context.Response.Headers.ETag = $"\"{GitSha1(content)}\"";
        context.Response.ContentLength = content.Length;
        return context.Request.Method == "HEAD" ? Task.CompletedTask : context.Response.Body.WriteAsync(content).AsTask();
    }

    async Task StoreAsync(HttpContext context, byte[] content)
    {
        var from = context.Request.GetTypedHeaders().Range is { } range ? (int)range.Ranges.Single().From! : 0;
        if (from > 0)
        {
            context.Response.StatusCode = 206;
            context.Response.Headers.ContentRange = $"bytes {from}-{content.Length - 1}/{content.Length}";
        }
        context.Response.ContentLength = content.Length - from;
        var most = Math.Min(content.Length - from, DropAfter ?? int.MaxValue);
        await context.Response.Body.WriteAsync(content.AsMemory(from, most));
        await context.Response.Body.FlushAsync();
        if (most < content.Length - from)
            context.Abort();
    }

    public async ValueTask DisposeAsync()
    {
        await hub.DisposeAsync();
        await store.DisposeAsync();
    }
}
