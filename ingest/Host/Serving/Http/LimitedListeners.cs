using System.Net;
using Microsoft.AspNetCore.Connections;

namespace KpiStream.Ingest.Host.Serving.Http;

/// <summary>
/// The web server's listeners, which accept through a <see cref="ConnectionLimit"/>. The server itself accepts as fast as it can and looks at what it
/// accepted later,
/// so that a bound in its pipeline comes too late: by then the files are used up. What is not accepted waits in the kernel and costs no file.
/// </summary>
internal sealed class LimitedListeners(IConnectionListenerFactory inner, ConnectionLimit limit) : IConnectionListenerFactory
{
    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new Listener(await inner.BindAsync(endpoint, cancellationToken), limit);

    private sealed class Listener(IConnectionListener inner, ConnectionLimit limit) : IConnectionListener
    {
        private readonly CancellationTokenSource unbound = new();

        public EndPoint EndPoint => inner.EndPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, unbound.Token);
            try
            {
                return await limit.AcceptAsync(inner, either.Token);
            }
            catch (OperationCanceledException) when (unbound.IsCancellationRequested)
            {
                return null; // No more connections.
            }
        }

        public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            await unbound.CancelAsync();
            await inner.UnbindAsync(cancellationToken);
        }

        public async ValueTask DisposeAsync()
        {
            await inner.DisposeAsync();
            unbound.Dispose();
        }
    }
}
