using System.Net.Http.Headers;
using KpiStream.Ingest.Tests.Sources.Recordings;

namespace KpiStream.Ingest.Tests.EndToEnd;

/// <summary>One life of <c>serve --log log</c> and somebody who knows its API key.</summary>
internal sealed class LogServer : IAsyncDisposable
{
    public const string Path = "/api/v1/events";

    private LogServer(TemporaryFolder folder, ServeProcess serve, string keyFile)
    {
        (Folder, Serve) = (folder, serve);
        Key = File.ReadAllText(folder.File(keyFile)).Trim();
    }

    public TemporaryFolder Folder { get; }

    public ServeProcess Serve { get; }

    /// <summary>What was in the key file when it listened.</summary>
    public string Key { get; }

    public string Log => Folder.File("log");

    public static async Task<LogServer> StartAsync(TemporaryFolder folder, params string[] arguments) =>
        new(folder, await ServeProcess.StartAsync(folder, ["--log", "log", .. arguments]), "log/api.key");

    /// <summary>Starts it by way of another program, with everything else said in <c>kpistream.yaml</c>.</summary>
    public static async Task<LogServer> StartUnderAsync(IReadOnlyList<string> launcher, TemporaryFolder folder, string keyFile) =>
        new(folder, await ServeProcess.StartUnderAsync(launcher, folder), keyFile);

    /// <summary>Posts a body with the key; gives the status, the answer and its headers.</summary>
    public Task<PostReply> PostAsync(byte[] body, string? encoding = null, string query = "") =>
        SendAsync(new ByteArrayContent(body), encoding, query, request => request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Key));

    public Task<PostReply> PostAsync(string body) => PostAsync(Encoding.UTF8.GetBytes(body));

    /// <summary>Posts anything in any way.</summary>
    public async Task<PostReply> SendAsync(HttpContent content, string? encoding, string query, Action<HttpRequestMessage> authorize)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Path + query) { Content = content };
        if (encoding is not null)
        {
            request.Content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        }

        authorize(request);
        using var answer = await Serve.Http.SendAsync(request);
        return new PostReply(answer.StatusCode, await answer.Content.ReadAsStringAsync(), answer.Headers.RetryAfter?.ToString(),
            answer.Headers.WwwAuthenticate.ToString());
    }

    /// <summary>The events now in the log's files, in hexadecimal digits, whatever the program knows of them. Their positions are checked.</summary>
    public static async Task<List<string>> StoredAsync(string log)
    {
        var (end, sink, _) = await RecordingScene.ReadAsync(LogFolder.Inputs(log));
        Assert.Equal(SourceEnd.Finished, end);
        Assert.Equal(Enumerable.Range(1, sink.Records.Count).Select(number => (long)number), sink.Records.Select(record => record.Position.Offset));
        return [.. sink.Records.Select(record => record.Hex)];
    }

    public async Task<int> CountAsync() => (await StoredAsync(Log)).Count;

    public ValueTask DisposeAsync() => Serve.DisposeAsync();
}

/// <summary>An answer to a post.</summary>
internal sealed record PostReply(HttpStatusCode Status, string Text, string? RetryAfter, string Challenge)
{
    public JsonNode Body => JsonNode.Parse(Text)!;

    public int Accepted => (int)Body["accepted"]!;

    public int Rejected => (int)Body["rejected"]!;

    public IReadOnlyList<(int Line, string Reason)> Rejections =>
        [.. Body["rejections"]!.AsArray().Select(one => ((int)one!["line"]!, (string)one["reason"]!))];
}
