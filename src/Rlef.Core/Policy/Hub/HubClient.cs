using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Rlef.Storage;

namespace Rlef.Policy;

/// <summary>Asks a hub for what it has and fetches it, going on where a connection was lost.</summary>
sealed class HubClient(HubOptions options, HubName model) : IDisposable
{
    const int Redirects = 5, Attempts = 5, Block = 1 << 17;
    static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);

    // The hub's address and the store's differ, and the token is for the hub alone.
    readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(15) }) { Timeout = TimeSpan.FromMinutes(1) };

    public void Dispose() => http.Dispose();

    /// <summary>The commit that the revision is, and the files it has.</summary>
    public async Task<(string Commit, string[] Files)> ListAsync(CancellationToken cancellation)
    {
        using var answer = await AskAsync(HttpMethod.Get, new($"{Root}/api/models/{model.Repository}/revision/{Uri.EscapeDataString(model.Revision)}"), 0, cancellation);
        Check(answer, null);
        try
        {
            using var patience = Patience(cancellation);
            using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(patience.Token));
            var commit = json.RootElement.Field("sha").GetString()!;
            return HubFile.IsTag(commit)
                ? (commit, [.. json.RootElement.Field("siblings").EnumerateArray().Select(file => file.Field("rfilename").GetString()!)])
                : throw new JsonException("the commit is no name");
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new HubException($"{options.Endpoint} begins to answer and does not go on. The same command asks again.", e);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new HubException($"{options.Endpoint} answers as no hub does: {e.OneLine()} Is HF_ENDPOINT right?", e);
        }
    }

    /// <summary>What the hub says of a file.</summary>
    public async Task<HubFile> FindAsync(string commit, string file, CancellationToken cancellation)
    {
        var address = new Uri($"{Root}/{model.Repository}/resolve/{commit}/{string.Join('/', file.Split('/').Select(Uri.EscapeDataString))}");
        using var answer = await AskAsync(HttpMethod.Head, address, 0, cancellation);
        Check(answer, file);
        var tag = (Header(answer, "X-Linked-ETag") ?? answer.Headers.ETag?.Tag ?? Header(answer, "ETag") ?? "").Trim('"');
        if (!HubFile.IsTag(tag))
            throw new HubException($"{options.Endpoint} gives {file} of {model} no tag to check it by. Is HF_ENDPOINT right?");
        // A redirect to a store is no answer of a size.
        var size = long.TryParse(Header(answer, "X-Linked-Size"), out var linked) ? linked : IsRedirect(answer) ? null : answer.Content.Headers.ContentLength;
        return new(file, tag, size, address);
    }

    /// <summary>Fetches a file's content to a path, from where an earlier call was cut.</summary>
    /// <param name="got">Hears of every part that arrives, in bytes.</param>
    /// <exception cref="HubException">It does not arrive, or not as it should be.</exception>
    public async Task FetchAsync(HubFile file, string path, Action<long> got, CancellationToken cancellation)
    {
        await using (var content = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read))
        {
            content.Seek(0, SeekOrigin.End);
            got(content.Length);
            for (var (failures, pause) = (0, FirstPause); file.Size is null || content.Length < file.Size;)
            {
                var before = content.Length;
                try
                {
                    await ReceiveAsync(file, content, got, cancellation);
                    if (file.Size is null || content.Length >= file.Size)
                        break;
                    throw new HttpIOException(HttpRequestError.ResponseEnded, "the connection was closed");
                }
                catch (Exception e) when (IsLost(e, cancellation))
                {
                    (failures, pause) = content.Length > before ? (1, FirstPause) : (failures + 1, pause * 2);
                    if (failures == Attempts)
                        throw new HubException($"{file.Path} of {model} breaks off after {content.Length} of {file.Size} bytes, again and again: " +
                            $"{e.OneLine()} What came is kept; the same command goes on from there.", e);
                    await Task.Delay(pause, cancellation);
                }
            }
            content.Flush(flushToDisk: true);
        }
        if (await file.MatchesAsync(path, cancellation))
            return;
        File.Delete(path);
        throw new HubException($"{file.Path} of {model} did not arrive as the hub has it: its checksum is not {file.Tag}. It is removed; the same command fetches it again.");
    }

    async Task ReceiveAsync(HubFile file, FileStream content, Action<long> got, CancellationToken cancellation)
    {
        using var answer = await AskAsync(HttpMethod.Get, file.Address, content.Length, cancellation);
        if (answer.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            // More than there is: another content, or one that changed.
            got(-content.Length);
            content.SetLength(0);
            throw new HttpIOException(HttpRequestError.ResponseEnded, "another content was begun");
        }
        Check(answer, file.Path);
        if (content.Length > 0 && answer.StatusCode != HttpStatusCode.PartialContent)
        {
            got(-content.Length);
            content.SetLength(0);
        }
        await using var stream = await answer.Content.ReadAsStreamAsync(cancellation);
        var block = new byte[Block];
        while (true)
        {
            // A connection over which nothing comes is lost, too.
            using var patience = Patience(cancellation);
            var read = await ReadAsync(stream, block, patience.Token);
            if (read == 0)
                return;
            content.Write(block, 0, read);
            got(read);
        }
    }

    // With what is read of an answer: the client's own ends with the answer's head.
    CancellationTokenSource Patience(CancellationToken cancellation)
    {
        var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(http.Timeout);
        return patience;
    }

    // A reset connection and a full disk are errors of one type.
    static async Task<int> ReadAsync(Stream stream, byte[] block, CancellationToken cancellation)
    {
        try
        {
            return await stream.ReadAsync(block, cancellation);
        }
        catch (IOException e) when (e is not HttpIOException)
        {
            throw new HttpIOException(HttpRequestError.ResponseEnded, e.Message, e);
        }
    }

    // Follows redirects: of a renamed model, and of a content to a store, whose address is good for a while only. A HEAD ends at the hub, which has the tag.
    async Task<HttpResponseMessage> AskAsync(HttpMethod method, Uri address, long from, CancellationToken cancellation)
    {
        for (var redirect = 0; ; redirect++)
        {
            using var request = new HttpRequestMessage(method, address);
            request.Headers.AcceptEncoding.Add(new("identity"));
            if (from > 0)
                request.Headers.Range = new(from, null);
            if (options.Token is { } token && IsOfHub(address))
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (!IsRedirect(answer) || redirect == Redirects)
                return answer;
            var next = new Uri(address, answer.Headers.Location!);
            if (method == HttpMethod.Head && (!IsOfHub(next) || Header(answer, "X-Linked-ETag") is not null))
                return answer;
            answer.Dispose();
            address = next;
        }
    }

    void Check(HttpResponseMessage answer, string? file)
    {
        if ((int)answer.StatusCode >= 500 || answer.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout)
            throw new HttpRequestException($"it answers {(int)answer.StatusCode}", null, answer.StatusCode);
        if ((int)answer.StatusCode < 400)
            return;
        var (what, token) = (file is null ? $"{model}" : $"{file} of {model}", options.Token is null ? "Set HF_TOKEN" : "Set another HF_TOKEN");
        throw new HubException(((int)answer.StatusCode, Header(answer, "X-Error-Code")) switch
        {
            (_, "GatedRepo") => $"{options.Endpoint} has {model}, but wants its terms accepted there first. {token} of an account that did.",
            (404, "RevisionNotFound") => $"{options.Endpoint} has {model.Repository}, but no revision {model.Revision} of it.",
            (404, _) => $"{options.Endpoint} has no {what}.",
            (401 or 403, _) => $"{options.Endpoint} has no {what} that it shows to {(options.Token is null ? "those without a token" : "the token's owner")}. " +
                $"Check the name. {token} if the model is private.",
            var (status, _) => $"{options.Endpoint} answers {status} when asked for {what}.",
        });
    }

    string Root => options.Endpoint.AbsoluteUri.TrimEnd('/');

    bool IsOfHub(Uri address) => address.GetLeftPart(UriPartial.Authority) == options.Endpoint.GetLeftPart(UriPartial.Authority);

    static bool IsRedirect(HttpResponseMessage answer) => (int)answer.StatusCode is 301 or 302 or 303 or 307 or 308 && answer.Headers.Location is not null;

    /// <summary>Whether an error is the connection's, so that another attempt may succeed.</summary>
    public static bool IsLost(Exception e, CancellationToken cancellation) =>
        e is HttpRequestException or HttpIOException || e is OperationCanceledException && !cancellation.IsCancellationRequested;

    static string? Header(HttpResponseMessage answer, string name) =>
        (answer.Headers.TryGetValues(name, out var values) || answer.Content.Headers.TryGetValues(name, out values)) && values.FirstOrDefault() is { } value
            ? value.StartsWith("W/", StringComparison.Ordinal) ? value[2..] : value : null;
}
