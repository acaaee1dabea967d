namespace KpiStream.Ingest.Host.Alerts;

/// <summary>
/// Messages to be delivered, in their order; the first stays in it until it is settled. Bounded: when it is full, the oldest that is not under way goes.
/// Any thread may add and look; one takes.
/// </summary>
/// <param name="most">The most messages waiting, the one under way not counted.</param>
internal sealed class MessageQueue(int most) : IDisposable
{
    private readonly Queue<AlertMessage> waiting = [];
    private readonly SemaphoreSlim added = new(0);
    private AlertMessage? underWay;

    /// <summary>Everything that is not settled, the message under way first.</summary>
    public IReadOnlyList<AlertMessage> Messages
    {
        get
        {
            lock (waiting)
            {
                return underWay is null ? [.. waiting] : [underWay, .. waiting];
            }
        }
    }

    /// <summary>Adds a message at the end; false when the oldest had to go for it.</summary>
    public bool Add(AlertMessage message)
    {
        lock (waiting)
        {
            waiting.Enqueue(message);
            if (waiting.Count > most)
            {
                waiting.Dequeue();
                return false;
            }
        }

        added.Release();
        return true;
    }

    /// <summary>Waits for the next message and takes it under way.</summary>
    public async Task<AlertMessage> TakeAsync(CancellationToken stop)
    {
        await added.WaitAsync(stop);
        lock (waiting)
        {
            return underWay = waiting.Dequeue();
        }
    }

    /// <summary>The message under way is done with.</summary>
    public void Settle()
    {
        lock (waiting)
        {
            underWay = null;
        }
    }

    public void Dispose() => added.Dispose();
}
