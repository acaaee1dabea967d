using System.Net;
using System.Net.Sockets;

namespace KpiStream.Tests.Support.Faults;

/// <summary>One connection through a <see cref="FaultProxy"/>: a flow each way, which reads a piece, holds it, and writes it.</summary>
/// <param name="client">Who connected.</param>
/// <param name="target">The port of the server.</param>
/// <param name="policy">What is done to a piece.</param>
/// <param name="seed">Of the chance in it.</param>
internal sealed class ProxiedConnection(Socket client, int target, Func<LinkPolicy> policy, int seed) : IDisposable
{
    private readonly Socket server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly TaskCompletionSource dead = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool isFrozen;
    private long bytes;

    public long Bytes => Interlocked.Read(ref bytes);

    /// <summary>Passes on until either side ends, or it is reset.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            client.NoDelay = true;
            await server.ConnectAsync(new IPEndPoint(IPAddress.Loopback, target), stop);
            await using var near = new NetworkStream(client);
            await using var far = new NetworkStream(server);
            await Task.WhenAny(PumpAsync(near, far, new Random(seed), stop), PumpAsync(far, near, new Random(~seed), stop));
        }
        catch (Exception end) when (end is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The server is not there, or the connection was reset meanwhile: the client learns it by the reset that follows.
        }

        Reset();
    }

    /// <summary>Nothing passes any more, and nobody learns of it.</summary>
    public void Freeze() => isFrozen = true;

    /// <summary>Ends it on both sides at once, with what is on its way lost.</summary>
    public void Reset()
    {
        dead.TrySetResult();
        foreach (var side in (Socket[])[client, server])
        {
            try
            {
                side.LingerState = new LingerOption(enable: true, seconds: 0);
            }
            catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
            {
                // It has ended already.
            }

            side.Dispose();
        }
    }

    public void Dispose() => Reset();

    private async Task PumpAsync(NetworkStream from, NetworkStream to, Random chance, CancellationToken stop)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            int read;
            while ((read = await from.ReadAsync(buffer.AsMemory(0, Math.Min(buffer.Length, policy().SliceBytes)), stop)) > 0)
            {
                if (policy().HoldOf(read, chance) is { Ticks: > 0 } hold)
                {
                    await Task.Delay(hold, stop);
                }

                if (isFrozen)
                {
                    await dead.Task.WaitAsync(stop);
                }

                await to.WriteAsync(buffer.AsMemory(0, read), stop);
                Interlocked.Add(ref bytes, read);
            }
        }
        catch (Exception end) when (end is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The other side has ended, or was made to.
        }
    }
}
