using KpiStream.Ingest.Host.Serving.Http;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace KpiStream.Ingest.Tests.Host.Serving.Http;

/// <summary>Connections are counted when they are accepted, by a server that does nothing else as fast as it can.</summary>
public sealed class ConnectionLimitTests : IAsyncLifetime
{
    private const int Most = 8;

    private readonly ConnectionLimit limit = new(static () => Most);
    private readonly List<TcpClient> clients = [];
    private readonly List<ConnectionContext> accepted = [];
    private IConnectionListener listener = null!;

    public async ValueTask InitializeAsync()
    {
        var sockets = new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance);
        listener = await new LimitedListeners(sockets, limit).BindAsync(new IPEndPoint(IPAddress.Loopback, 0));
    }

    public async ValueTask DisposeAsync()
    {
        await listener.UnbindAsync();
        await listener.DisposeAsync();
        accepted.ForEach(static connection => connection.Abort());
        clients.ForEach(static client => client.Dispose());
    }

    [Fact]
    public async Task NobodyLooksAtWhatWasAccepted_NoMoreAreAcceptedThanThereAreFilesFor()
    {
        for (var number = 0; number < Most + ConnectionLimit.MostClosing; number++)
        {
            await ConnectAsync();
            accepted.Add((await listener.AcceptAsync())!);
        }

        Assert.Equal((Most, ConnectionLimit.MostClosing, Most + ConnectionLimit.MostClosing), (limit.Open, limit.Closed, limit.Files));
        await ConnectAsync();
        var next = listener.AcceptAsync().AsTask();
        Assert.False(next.IsCompleted);

        // The oldest was told to go; the next is accepted when its file is back.
        Assert.True(accepted[0].ConnectionClosed.IsCancellationRequested || await ClosesAsync(accepted[0]));
        await accepted[0].DisposeAsync();
        accepted.Add((await next.WaitAsync(KpiStreamProcess.Limit))!);
        Assert.Equal(Most, limit.Open);
    }

    [Fact]
    public async Task TheServerStops_NobodyWaitsForAFileAnyMore()
    {
        for (var number = 0; number < Most + ConnectionLimit.MostClosing; number++)
        {
            await ConnectAsync();
            accepted.Add((await listener.AcceptAsync())!);
        }

        var next = listener.AcceptAsync().AsTask();
        await listener.UnbindAsync();
        Assert.Null(await next.WaitAsync(KpiStreamProcess.Limit));
    }

    private static async Task<bool> ClosesAsync(ConnectionContext connection)
    {
        var closed = new TaskCompletionSource();
        await using var told = connection.ConnectionClosed.Register(() => closed.TrySetResult());
        await closed.Task.WaitAsync(KpiStreamProcess.Limit);
        return true;
    }

    private async Task ConnectAsync()
    {
        var client = new TcpClient();
        clients.Add(client);
        await client.ConnectAsync((IPEndPoint)listener.EndPoint);
    }
}
