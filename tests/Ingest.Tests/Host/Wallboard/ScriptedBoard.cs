using System.Collections.Concurrent;
using System.Threading.Channels;
using KpiStream.Ingest.Host.Wallboard;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace KpiStream.Ingest.Tests.Host.Wallboard;

/// <summary>The wallboard on a free loopback port, with a stream that says exactly what a test tells it to.</summary>
internal sealed class ScriptedBoard : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentDictionary<int, Reader> readers = new();
    private int lastReader;
    private int lastId;

    private ScriptedBoard(WebApplication app) => this.app = app;

    private sealed record Reader(Channel<string> Messages, CancellationTokenSource Gone)
    {
        public volatile bool IsGreeted;
    }

    public string Url => app.Urls.Single();

    /// <summary>What every new connection is told first; null says nothing.</summary>
    public JsonObject? Greeting { get; set; }

    /// <summary>While true, the stream answers 503.</summary>
    public bool Refusing { get; set; }

    /// <summary>Whether connections get a heartbeat every three seconds, as the server's do; a test that moves the page's clock sends its own.</summary>
    public bool BeatsByItself { get; set; } = true;

    /// <summary>Connections open now whose greeting is decided: another one set from then on is for those to come.</summary>
    public int Connections => readers.Values.Count(static reader => reader.IsGreeted);

    /// <summary>Query strings the stream was asked with, oldest first.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    /// <summary>What pages said of the frames they painted, oldest first.</summary>
    public ConcurrentQueue<JsonObject> Reports { get; } = new();

    /// <summary>What the alerts' API says and is told.</summary>
    public ScriptedDuty Duty { get; } = new();

    public static async Task<ScriptedBoard> StartAsync(JsonObject? greeting, Uri? at = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(at?.ToString() ?? "http://127.0.0.1:0");
        var board = new ScriptedBoard(builder.Build()) { Greeting = greeting };
        board.app.MapWallboard();
        board.app.MapGet("/api/v1/stream", board.StreamAsync);
        board.app.MapGet("/api/v1/board", () => board.Greeting is { } frame ? Results.Text(frame.ToJsonString(), "application/json") : Results.StatusCode(503));
        board.app.MapPost("/api/v1/boards", async (HttpContext context) =>
        {
            board.Reports.Enqueue((JsonObject)(await JsonNode.ParseAsync(context.Request.Body))!);
            return Results.NoContent();
        });
        ScriptedAnswers.Map(board.app, () => board.Greeting);
        board.Duty.Map(board.app, () => board.Greeting);
        await board.app.StartAsync();
        return board;
    }

    /// <summary>Waits for what the server learns only after the page has shown it.</summary>
    public async Task UntilAsync(Func<ScriptedBoard, bool> isSo)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        using var limit = new CancellationTokenSource(KpiStreamProcess.Limit);
        while (!isSo(this))
        {
            await tick.WaitForNextTickAsync(limit.Token);
        }
    }

    /// <summary>Sends one message to every open connection.</summary>
    public void Say(JsonObject message) => Say((string)message["kind"]!, message);

    public void Say(string eventName, JsonObject message)
    {
        foreach (var reader in readers.Values)
        {
            reader.Messages.Writer.TryWrite(Format(eventName, message));
        }
    }

    /// <summary>Sends every open connection what may be no message.</summary>
    public void SayRaw(string text)
    {
        foreach (var reader in readers.Values)
        {
            reader.Messages.Writer.TryWrite(text);
        }
    }

    /// <summary>Cuts every connection, as a restart of the server does.</summary>
    public void Hangup()
    {
        foreach (var reader in readers.Values)
        {
            reader.Gone.Cancel();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Hangup();
        await app.StopAsync();
        await app.DisposeAsync();
    }

    private string Format(string eventName, JsonObject message)
    {
        var id = Interlocked.Increment(ref lastId);
        return $"id: {id}\nevent: {eventName}\ndata: {message.ToJsonString()}\n\n";
    }

    private async Task StreamAsync(HttpContext context)
    {
        Asked.Enqueue(context.Request.QueryString.Value ?? "");
        if (Refusing)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        using var gone = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        var reader = new Reader(System.Threading.Channels.Channel.CreateUnbounded<string>(), gone);
        var key = Interlocked.Increment(ref lastReader);
        readers[key] = reader;
        try
        {
            await SpeakAsync(context, reader);
        }
        catch (OperationCanceledException)
        {
            context.Abort(); // the page went away, or the script cut the line: either ends this connection and nothing else
        }
        finally
        {
            readers.TryRemove(key, out _);
        }
    }

    private async Task BeatAsync(Reader reader)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(3));
        try
        {
            while (BeatsByItself && await timer.WaitForNextTickAsync(reader.Gone.Token))
            {
                reader.Messages.Writer.TryWrite(Format("heartbeat", []));
            }
        }
        catch (OperationCanceledException)
        {
            // The connection is over.
        }
    }

    private async Task SpeakAsync(HttpContext context, Reader reader)
    {
        context.Response.ContentType = "text/event-stream";
        // A short retry keeps tests quick: the browser's own pause would be about three seconds.
        await context.Response.WriteAsync("retry: 50\n\n", reader.Gone.Token);
        if (Greeting is not null)
        {
            reader.Messages.Writer.TryWrite(Format("frame", Greeting));
        }

        reader.IsGreeted = true;
        await context.Response.Body.FlushAsync(reader.Gone.Token);
        _ = BeatAsync(reader);
        await foreach (var message in reader.Messages.Reader.ReadAllAsync(reader.Gone.Token))
        {
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(message), reader.Gone.Token);
            await context.Response.Body.FlushAsync(reader.Gone.Token);
        }
    }
}
