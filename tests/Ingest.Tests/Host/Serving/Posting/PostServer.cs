namespace KpiStream.Ingest.Tests.Host.Serving.Posting;

/// <summary>A <c>serve --log</c> that takes long bodies.</summary>
public sealed class PostServer : IAsyncLifetime
{
    /// <summary>More than the web server's own limit, so that it is ours that holds.</summary>
    public const int MostBytes = 40 << 20;

    internal TemporaryFolder Folder { get; } = new();

    internal LogServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(Folder.File("kpistream.yaml"), $"log: {{folder: log, max_batch_bytes: {MostBytes}}}\n");
        Server = await LogServer.StartAsync(Folder);
    }

    public async Task RestartAsync()
    {
        await Server.DisposeAsync();
        Server = await LogServer.StartAsync(Folder);
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        Folder.Dispose();
    }
}
