using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace KpiStream.Ingest.Tests.Host.Serving.Alerts;

/// <summary>A real HTTP server on a free loopback port that answers as a test tells it and keeps what it was sent.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly Channel<Received> received = System.Threading.Channels.Channel.CreateUnbounded<Received>();

    private WebhookReceiver(Func<int, Task<int>> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        var count = 0;
        app.MapPost("/hook/{**rest}", async (HttpContext context) =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var body = await reader.ReadToEndAsync();
            var number = Interlocked.Increment(ref count);
            await received.Writer.WriteAsync(new Received(body, context.Request.Headers.Authorization.ToString(), context.Request.ContentType ?? ""));
            context.Response.StatusCode = await answer(number);
        });
    }

    public Uri Url => new(app.Urls.Single() + "/hook");

    /// <param name="answer">The status for the nth request, counted from 1.</param>
    public static async Task<WebhookReceiver> StartAsync(Func<int, Task<int>> answer)
    {
        var receiver = new WebhookReceiver(answer);
        await receiver.app.StartAsync();
        return receiver;
    }

    public static Task<WebhookReceiver> StartAsync(Func<int, int> answer) => StartAsync(number => Task.FromResult(answer(number)));

    public async Task<Received> NextAsync()
    {
        using var limit = new CancellationTokenSource(KpiStreamProcess.Limit);
        return await received.Reader.ReadAsync(limit.Token);
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    internal sealed record Received(string Body, string Authorization, string ContentType);
}
