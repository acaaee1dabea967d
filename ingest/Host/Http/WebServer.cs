using System.Net;
using KpiStream.Ingest.Sources.Configuration;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace KpiStream.Ingest.Host.Http;

/// <summary>
/// The web server, as our settings alone want it. It reads no appsettings.json, no environment variable and no command line of its own: any of them could make it
/// listen where anybody can reach it, while there is no authentication, or show stack traces.
/// </summary>
internal static class WebServer
{
    /// <summary>Small enough that a slow line of a commune keeps to it, too fast to hold many connections for long: bytes a second, over the whole body.</summary>
    private const double LeastBytesPerSecond = 1_024;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan HeadersWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan IdleFor = TimeSpan.FromSeconds(60);

    /// <summary>A builder without any source of configuration.</summary>
    public static WebApplicationBuilder CreateBuilder(ConnectionLimit connections)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = "kpistream",
            EnvironmentName = Environments.Production,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.WebHost.UseKestrelCore().UseSockets(sockets => sockets.Backlog = Math.Min(sockets.Backlog, connections.Most / 2));
        builder.Services.AddRouting();
        return builder;
    }

    /// <summary>Where it listens, and its limits.</summary>
    public static void Configure(KestrelServerOptions kestrel, Settings settings, ConnectionLimit connections)
    {
        kestrel.AddServerHeader = false;

        // Ours closes at once and waits for nothing; this one bounds the memory of those whose end has not been noticed yet.
        kestrel.Limits.MaxConcurrentConnections = connections.Most + OpenFileLimit.MostConnections;
        kestrel.Limits.RequestHeadersTimeout = HeadersWithin;
        kestrel.Limits.KeepAliveTimeout = IdleFor;
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(LeastBytesPerSecond, Grace);

        // One more, so that we are the ones who say no.
        kestrel.Limits.MaxRequestBodySize = settings.Log is { } log ? log.MaxBatchBytes + 1L : kestrel.Limits.MaxRequestBodySize;
        kestrel.Listen(AddressOf(settings.Http), settings.Http.Port, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            listen.Use(next => context => connections.HoldAsync(context, next));
        });
    }

    /// <summary>A loopback address, whatever the settings hold: there is no authentication yet.</summary>
    private static IPAddress AddressOf(HttpSettings http) => IPAddress.TryParse(http.Bind, out var address) && IPAddress.IsLoopback(address) ? address : IPAddress.Loopback;
}
