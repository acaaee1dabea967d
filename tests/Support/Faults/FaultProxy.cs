using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace KpiStream.Tests.Support.Faults;

/// <summary>
/// Stands on the loopback between a client and a server and does to their connections what networks do: it delays, narrows, slices, resets, and lets them go
/// dead without a word. Every connection is bounded by one buffer a way.
/// </summary>
public sealed class FaultProxy : IAsyncDisposable
{
    private readonly TcpListener listener;
    private readonly int target;
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentDictionary<ProxiedConnection, Task> open = new();
    private readonly Task accepting;
    private long resets;
    private long accepted;
    private long bytesBefore;

    /// <param name="port">Where clients connect.</param>
    /// <param name="target">Where the server listens.</param>
    public FaultProxy(int port, int target)
    {
        this.target = target;
        listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        accepting = AcceptAsync();
    }

    /// <summary>What is done to what is on its way; may be changed at any time.</summary>
    public LinkPolicy Policy { get; set; } = new();

    public long Accepted => Interlocked.Read(ref accepted);

    public long Resets => Interlocked.Read(ref resets);

    /// <summary>Bytes passed on so far, both ways.</summary>
    public long Bytes => open.Keys.Sum(static one => one.Bytes) + Interlocked.Read(ref bytesBefore);

    /// <summary>Ends every connection with a reset on both sides, in the middle of whatever is on its way; new ones are taken.</summary>
    public void Reset()
    {
        foreach (var connection in open.Keys)
        {
            connection.Reset();
            Interlocked.Increment(ref resets);
        }
    }

    /// <summary>From now on nothing passes on the connections there are, and nobody is told: the other end is as good as gone. New ones are taken.</summary>
    public void HalfOpen()
    {
        foreach (var connection in open.Keys)
        {
            connection.Freeze();
        }
    }

    public async ValueTask DisposeAsync()
    {
        // First the loop, then its listener: one that is stopped between two accepts throws what only a mistake may.
        await stop.CancelAsync();
        await accepting;
        listener.Stop();
        foreach (var connection in open.Keys)
        {
            connection.Reset();
        }

        await Task.WhenAll(open.Values);
        stop.Dispose();
        listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Serve(await listener.AcceptSocketAsync(stop.Token));
            }
        }
        catch (OperationCanceledException)
        {
            // Told to stop.
        }
    }

    private void Serve(Socket client)
    {
        var connection = new ProxiedConnection(client, target, () => Policy, (int)Interlocked.Increment(ref accepted));
        var serving = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        open[connection] = serving.Task;
        _ = EndAsync();

        async Task EndAsync()
        {
            using (connection)
            {
                await connection.RunAsync(stop.Token);
            }

            Interlocked.Add(ref bytesBefore, connection.Bytes);
            open.TryRemove(connection, out _);
            serving.SetResult();
        }
    }
}
