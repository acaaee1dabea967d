using System.Net.Sockets;
using Microsoft.AspNetCore.Http.Json;

namespace KpiStream.Ingest.Host.Serving.Http;

/// <summary>The web server as one service of the program: started first and stopped last, when it gives its readers <see cref="Patience"/>.</summary>
internal sealed class WebService : IHostedService, IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Settings settings;
    private readonly OperatorLog log;
    private readonly WebApplication app;
    private volatile bool isListening;

    /// <param name="settings">The settings in force.</param>
    /// <param name="connections">How many may be open.</param>
    /// <param name="counts">Told of requests that came to nothing.</param>
    /// <param name="log">Told the address, or why there is none.</param>
    /// <param name="access">Who may do what; null for what the default address, loopback, allows.</param>
    public WebService(Settings settings, ConnectionLimit connections, HttpCounts counts, OperatorLog log, IWebAccess? access = null)
    {
        (this.settings, this.log) = (settings, log);
        var builder = WebServer.CreateBuilder(connections);
        builder.Logging.ClearProviders();
        builder.Logging.AddProvider(log);

        // What keeps it from listening is said in our own sentence.
        builder.Logging.AddFilter("Microsoft", level => level >= LogLevel.Warning && isListening);
        builder.Services.Configure<JsonOptions>(json => ApiJson.Configure(json.SerializerOptions));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = Patience);
        ApiDocument.AddTo(builder.Services);
        AnswerCompression.AddTo(builder.Services);
        builder.WebHost.ConfigureKestrel(kestrel => WebServer.Configure(kestrel, settings, access));
        access?.AddServices(builder);
        app = builder.Build();
        access?.UseBeforeGuard(app);
        app.Use(new RequestGuard(new HostNames(settings.Http.Listen, settings.Http.AllowedHosts), connections, counts, log).AnswerAsync);
        access?.UseAfterGuard(app);
        app.UseResponseCompression();
    }

    /// <summary>Why it surely cannot listen, looked at before anything is made or opened; null when nothing is in the way.</summary>
    public static string? FindObstacle(Settings settings)
    {
        try
        {
            using var listener = new TcpListener(WebServer.AddressOf(settings), settings.Http.Port);
            listener.Start();
            return null;
        }
        catch (SocketException error)
        {
            return Obstacle(settings.Http, error);
        }
    }

    private static string Obstacle(HttpSettings http, Exception error) => $"Cannot listen on port {http.Port}: {error.Message} Choose another with --port.";

    /// <summary>What it answers; routes are added before it is started.</summary>
    public WebApplication App => app;

    /// <summary>False until it was started, and for ever when the port cannot be had.</summary>
    public bool IsListening => isListening;

    /// <exception cref="IOException">The port cannot be had, which has been said.</exception>
    /// <exception cref="SocketException">Likewise.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            log.Error(Obstacle(settings.Http, error));
            throw;
        }

        isListening = true;
        log.Info($"Wallboard: {app.Urls.First().Replace("127.0.0.1", "localhost")}/board (Ctrl+C stops)");
    }

    public Task StopAsync(CancellationToken cancellationToken) => app.StopAsync(cancellationToken);

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
