using System.Diagnostics;
using KpiStream.Ingest.Tests.Host.Serving.Metrics;

namespace KpiStream.Ingest.Tests.Host.Serving.Http;

/// <summary>Many connections and few files that may be open: nobody keeps anybody else out.</summary>
public sealed class ConnectionFloodTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int OpenFiles = 320;
    private const int Flood = 500;

    private static readonly string Good = CaseLines.Accepted("H31-1", "11953", new DateTimeOffset(2025, 7, 10, 1, 2, 3, TimeSpan.Zero)) + "\n";

    private readonly TemporaryFolder folder = new();
    private readonly List<TcpClient> clients = [];
    private LogServer server = null!;

    private int Port => server.Serve.Url.Port;

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(folder.File("kpistream.yaml"), "log: {folder: log}\nhttp: {port: 0}\n");
        server = await LogServer.StartUnderAsync(["bash", "-c", $"ulimit -n {OpenFiles}; exec \"$0\" \"$@\"", KpiStreamProcess.Runtime], folder, "log/api.key");
        await server.Serve.UntilReadyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        clients.ForEach(client => client.Dispose());
        await server.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    [Fault("connection half-open", "hundreds of connections that send half a request or nothing, under a limit of 320 open files", "health, metrics "
        + "and posts are answered at once, during and afterwards")]
    public async Task HalfOpenConnections_BeyondTheLimitOnOpenFiles_KeepNobodyOut()
    {
        for (var number = 0; number < Flood; number++)
        {
            clients.Add(await RawHttp.BeginAsync(Port, number % 2 == 0 ? "" : "GET /board HTTP/1.1\r\nHost: localhost\r\nX: "));
            if (number % 50 == 0)
            {
                await MustAnswerAsync();
            }
        }

        var page = await MetricsPage.UntilAsync(server.Serve, page => page.Sum("kpistream_http_connections_closed_total") > 0);
        var files = Directory.GetFileSystemEntries($"/proc/{server.Serve.ProcessId}/fd").Length;
        Seen.Say(output, $"{Flood} half-open connections, at most {page.Sum("kpistream_http_connections_most")} held, {files} of {OpenFiles} files open");
        Assert.InRange(files, 1, OpenFiles - 16);
        Assert.InRange(page.Sum("kpistream_http_connections"), 1, page.Sum("kpistream_http_connections_most") + 32);
        await MustAnswerAsync();
        clients.ForEach(client => client.Dispose());
        clients.Clear();
        await MustAnswerAsync();
        Assert.DoesNotContain("xception", server.Serve.ToString());
    }

    [Fact]
    [Trait("Category", "Long")]
    [Fault("connection half-open", "senders with a key that begin a batch and send no more, as many as there are connections", "others post and are "
        + "answered 200, health is answered")]
    public async Task SlowSendersWithAKey_KeepNobodyElseFromPosting()
    {
        var most = (int)(await MetricsPage.UntilAsync(server.Serve, page => page.Sum("kpistream_http_connections_most") > 0)).Sum(
            "kpistream_http_connections_most");
        var body = Good[..20];
        for (var number = 0; number < most + 10; number++)
        {
            clients.Add(await RawHttp.BeginAsync(Port, $"POST {LogServer.Path} HTTP/1.1\r\nHost: localhost\r\nX-Api-Key: "
                + $"{server.Key}\r\nContent-Length: 100000\r\n\r\n{body}"));
            if (number % 20 == 0)
            {
                await MustAnswerAsync();
            }
        }

        await MustAnswerAsync();
        Seen.Say(output, $"{most + 10} slow senders, {most} connections");
        Assert.DoesNotContain("xception", server.Serve.ToString());
    }

    [Fact]
    public async Task ReadersOfTheStream_LeaveRoomForHealth()
    {
        var most = (int)(await MetricsPage.UntilAsync(server.Serve, page => page.Sum("kpistream_http_connections_most") > 0)).Sum(
            "kpistream_http_connections_most");
        for (var number = 0; number < most + 5; number++)
        {
            clients.Add(await RawHttp.BeginAsync(Port, "GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        }

        var last = Encoding.ASCII.GetString(await FirstBytesAsync(clients[^1]));
        Assert.StartsWith("HTTP/1.1 503 ", last);
        Assert.Equal(200, await server.Serve.StatusOfAsync("/health/live"));
        Assert.Equal(200, await server.Serve.StatusOfAsync("/metrics"));
    }

    private static async Task<byte[]> FirstBytesAsync(TcpClient client)
    {
        var bytes = new byte[200];
        return bytes[..await client.GetStream().ReadAsync(bytes).AsTask().WaitAsync(KpiStreamProcess.Limit)];
    }

    private async Task MustAnswerAsync()
    {
        var asked = Stopwatch.StartNew();
        Assert.StartsWith("HTTP/1.1 200 ", await RawHttp.AskAsync(Port, "GET /health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
        var posted = await RawHttp.AskAsync(Port, $"POST {LogServer.Path} HTTP/1.1\r\nHost: localhost\r\nX-Api-Key: {server.Key}\r\nConnection: "
            + $"close\r\nContent-Length: {Good.Length}\r\n\r\n{Good}");
        Assert.StartsWith("HTTP/1.1 200 ", posted);
        Assert.InRange(asked.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }
}
