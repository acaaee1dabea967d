using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace KpiStream.Ingest.Host.Serving.Http;

/// <summary>
/// The web server, as our settings alone want it. It reads no appsettings.json, no environment variable and no command line of its own: any of them could
/// make it listen where anybody can reach it without authentication, or show stack traces.
/// </summary>
internal static class WebServer
{
    /// <summary>
    /// Small enough that a slow line of a commune keeps to it, too fast to hold many connections for long: bytes a second, over the whole body.
    /// </summary>
    private const double LeastBytesPerSecond = 1_024;

    /// <summary>What a connection whose client does not read may hold of an answer, before one more slice of it: 64 KB of an event stream.</summary>
    private const int MostUnread = 48 << 10;

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
        builder.WebHost.UseKestrelCore();
        builder.Services.AddSingleton<IConnectionListenerFactory>(
            services => new LimitedListeners(ActivatorUtilities.CreateInstance<SocketTransportFactory>(services), connections));
        builder.Services.AddRouting();
        return builder;
    }

    /// <summary>Where it listens, and its limits.</summary>
    public static void Configure(KestrelServerOptions kestrel, Settings settings, IWebAccess? access)
    {
        kestrel.AddServerHeader = false;

        // Never reached: ours is in force where connections are accepted.
        kestrel.Limits.MaxConcurrentConnections = 2 * OpenFileLimit.MostConnections;
        kestrel.Limits.MaxResponseBufferSize = MostUnread;
        kestrel.Limits.RequestHeadersTimeout = HeadersWithin;
        kestrel.Limits.KeepAliveTimeout = IdleFor;
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(LeastBytesPerSecond, Grace);

        // One more, so that we are the ones who say no.
        kestrel.Limits.MaxRequestBodySize = settings.Log is { } log ? log.MaxBatchBytes + 1L : kestrel.Limits.MaxRequestBodySize;
        kestrel.Listen(AddressOf(settings), settings.Http.Port, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            access?.Secure(listen);
        });
    }

    /// <summary>A loopback address, whatever the settings say, where nobody is asked who they are or keys would travel in the clear.</summary>
    public static IPAddress AddressOf(Settings settings) =>
        settings.Http.IsLoopback || (settings.Access is not null && (settings.Http.Tls is not null || settings.Http.Proxy is not null))
            ? settings.Http.ToAddress() : IPAddress.Loopback;
}
