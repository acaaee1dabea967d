using System.IO.Compression;
using System.Net.Sockets;
using KpiStream.Engine.Boards;

namespace KpiStream.Ingest.Tests.Host.Serving.Boards;

/// <summary>The event stream through the real web server.</summary>
public sealed class StreamOverHttpTests(ServedScene scene, ITestOutputHelper output) : IClassFixture<ServedScene>
{
    private const string Address = "/api/v1/stream";

    [Theory]
    [InlineData("")]
    [InlineData("gzip")]
    [InlineData("gzip, deflate, br, zstd")]
    public async Task EveryMessage_IsThereBeforeTheNextIsPublished(string accepts)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Address);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", accepts);
        using var answer = await scene.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(("text/event-stream", accepts.Length > 0 ? "gzip" : ""), (
            answer.Content.Headers.ContentType!.MediaType, string.Join(',', answer.Content.Headers.ContentEncoding)));
        await using var body = await answer.Content.ReadAsStreamAsync();
        using var lines = new StreamReader(accepts.Length > 0 ? new GZipStream(body, CompressionMode.Decompress) : body);
        Assert.Contains("\"kind\":\"frame\"", await NextAsync(lines));
        for (var round = 0; round < 5; round++)
        {
            var said = $"vòng {accepts} {round}";
            Publish(said);
            Assert.Contains($"\"sourceState\":\"{said}\"", await NextAsync(lines));
        }
    }

    [Fact]
    public async Task AReaderThatStalls_HasLittleWaiting_AndGetsTheNewestFrameWhenItReadsAgain()
    {
        using var http = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancel) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4 << 10 };
                await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancel);
                return new NetworkStream(socket, ownsSocket: true);
            },
        });
        await using var stream = await http.GetStreamAsync(new Uri(scene.Http.BaseAddress!, Address));
        using var lines = new StreamReader(stream);
        await NextAsync(lines);
        var published = 0L;
        for (var change = 0; change < 400; change++)
        {
            published += Publish($"{change}{new string((char)('a' + (change % 26)), 20_000)}");
            await Task.Yield();
        }

        Publish("the newest");
        var waiting = 0L;
        for (var text = ""; !text.Contains("the newest"); waiting += text.Length)
        {
            text = await NextAsync(lines);
        }

        // Before it come what the server, the kernel and this end held, and the rest of a frame that was on its way.
        var frame = scene.Boards.Main.CurrentJson!.Value.Length;
        output.WriteLine($"{published >> 10} KB published, {waiting >> 10} KB read until the newest frame of {frame >> 10} KB");
        Assert.InRange(waiting, 1, (2 * frame) + (256 << 10));
        Assert.InRange(published, 4 << 20, long.MaxValue);
    }

    /// <summary>Publishes another word of the source's state; gives its length.</summary>
    private int Publish(string said)
    {
        var board = scene.Boards.Main;
        board.Publish(board.Current! with { Id = board.Current.Id + 1, SourceState = said });
        return said.Length;
    }

    private static async Task<string> NextAsync(StreamReader lines)
    {
        while (true)
        {
            var line = await lines.ReadLineAsync().WaitAsync(KpiStreamProcess.Limit) ?? throw new EndOfStreamException();
            if (line.StartsWith("data: ") && !line.StartsWith("data: {\"now\""))
            {
                return line;
            }
        }
    }
}
