using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace KpiStream.Ingest.Tests.Host.Serving.Alerts.Delivery;

/// <summary>A real HTTP server on a free loopback port that keeps what it is sent, whatever the path, and answers as a test tells it.</summary>
internal sealed class HttpReceiver : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly Channel<Received> received = System.Threading.Channels.Channel.CreateUnbounded<Received>();

    private HttpReceiver(Func<HttpContext, Received, int, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        var count = 0;
        app.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var got = new Received(context.Request.Method, context.Request.Path, await reader.ReadToEndAsync(),
                context.Request.Headers.ToDictionary(static header => header.Key, static header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase));
            await received.Writer.WriteAsync(got);
            await answer(context, got, Interlocked.Increment(ref count));
        });
    }

    public Uri Url => new(app.Urls.Single() + "/hook");

    public int Waiting => received.Reader.Count;

    /// <param name="answer">Answers the nth request, counted from 1.</param>
    public static async Task<HttpReceiver> StartAsync(Func<HttpContext, Received, int, Task> answer)
    {
        var receiver = new HttpReceiver(answer);
        await receiver.app.StartAsync();
        return receiver;
    }

    /// <param name="status">The status for the nth request, counted from 1.</param>
    public static Task<HttpReceiver> StartAsync(Func<int, int> status) => StartAsync((context, _, number) =>
    {
        context.Response.StatusCode = status(number);
        return Task.CompletedTask;
    });

    public async Task<Received> NextAsync()
    {
        using var limit = new CancellationTokenSource(KpiStreamProcess.Limit);
        return await received.Reader.ReadAsync(limit.Token);
    }

    public async Task<IReadOnlyList<Received>> NextAsync(int count)
    {
        var all = new List<Received>();
        while (all.Count < count)
        {
            all.Add(await NextAsync());
        }

        return all;
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    internal sealed record Received(string Method, string Path, string Body, IReadOnlyDictionary<string, string> Headers)
    {
        public JsonNode Json => JsonNode.Parse(Body)!;

        public string Header(string name) => Headers.GetValueOrDefault(name, "");

        /// <summary>Key, number and state of a webhook's message, like <c>ratio:fully_online 2 resolved</c>.</summary>
        public string Told => $"{Json["id"]} {Json["number"]} {Json["state"]}";
    }
}
