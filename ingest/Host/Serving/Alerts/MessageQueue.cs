namespace KpiStream.Ingest.Host.Serving.Alerts;

/// <summary>
/// Messages to be delivered, in their order; the first stays in it until it is settled. Of a rule and unit only the newest waits, so that nothing is ever
/// dropped and the bound is the number of alerts there can be. Any thread may add and look; one takes, and settles or puts back what it took.
/// </summary>
/// <param name="time">Measures how long messages wait.</param>
internal sealed class MessageQueue(TimeProvider time)
{
    private readonly LinkedList<Entry> waiting = [];
    private readonly Dictionary<(string Rule, string Unit), LinkedListNode<Entry>> byAlert = [];
    private readonly Lock changing = new();
    private TaskCompletionSource added = NewSignal();
    private Entry? underWay;

    /// <summary>Everything that is not settled, the message under way first.</summary>
    public IReadOnlyList<AlertMessage> Messages
    {
        get
        {
            lock (changing)
            {
                return underWay is null ? [.. waiting.Select(static one => one.Message)] : [underWay.Message, .. waiting.Select(static one => one.Message)];
            }
        }
    }

    public int Count
    {
        get
        {
            lock (changing)
            {
                return waiting.Count + (underWay is null ? 0 : 1);
            }
        }
    }

    /// <summary>How long the longest waiting has waited; zero when none waits.</summary>
    public TimeSpan OldestAge
    {
        get
        {
            lock (changing)
            {
                var all = underWay is null ? waiting : waiting.Append(underWay);
                return all.Select(one => time.GetElapsedTime(one.Since)).DefaultIfEmpty().Max();
            }
        }
    }

    /// <summary>Adds a message at the end, or in the place of an older one about the same rule and unit.</summary>
    /// <returns>False when it took the place of another.</returns>
    public bool Add(AlertMessage message)
    {
        lock (changing)
        {
            if (byAlert.TryGetValue(KeyOf(message), out var older))
            {
                (older.Value.Message, older.Value.Pause) = (message, TimeSpan.Zero);
                added.TrySetResult();
                return false;
            }

            Insert(new Entry(message, time.GetTimestamp()), first: false);
            return true;
        }
    }

    /// <summary>Waits for the next message and takes it under way; one that was put back waits its pause out first.</summary>
    public async Task<AlertMessage> TakeAsync(CancellationToken stop)
    {
        var isDue = false;
        while (true)
        {
            Task signal;
            TimeSpan pause;
            lock (changing)
            {
                if (Next(isDue, out pause) is { } next)
                {
                    waiting.Remove(next);
                    byAlert.Remove(KeyOf(next.Value.Message));
                    underWay = next.Value;
                    return underWay.Message;
                }

                added = NewSignal();
                signal = added.Task;
            }

            isDue = !await IsSignalledAsync(signal, pause, stop);
        }
    }

    /// <summary>The message under way is done with.</summary>
    public void Settle()
    {
        lock (changing)
        {
            underWay = null;
        }
    }

    /// <summary>The message under way is to be tried again, unless a newer one about the same rule and unit has come.</summary>
    /// <param name="pause">Not before so long; zero to try it first of all.</param>
    public void PutBack(TimeSpan pause)
    {
        lock (changing)
        {
            if (underWay is { } back && !byAlert.ContainsKey(KeyOf(back.Message)))
            {
                (back.Pause, back.PutBackAt) = (pause, time.GetTimestamp());
                Insert(back, first: pause == TimeSpan.Zero);
            }

            underWay = null;
        }
    }

    private static (string Rule, string Unit) KeyOf(AlertMessage message) => (message.Rule, message.Unit);

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task<bool> IsSignalledAsync(Task signal, TimeSpan pause, CancellationToken stop)
    {
        try
        {
            await signal.WaitAsync(pause, time, stop);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private void Insert(Entry entry, bool first)
    {
        byAlert[KeyOf(entry.Message)] = first ? waiting.AddFirst(entry) : waiting.AddLast(entry);
        added.TrySetResult();
    }

    /// <summary>The first that need not wait, or else the one with the least left to wait.</summary>
    private LinkedListNode<Entry>? Next(bool isDue, out TimeSpan pause)
    {
        LinkedListNode<Entry>? soonest = null;
        pause = Timeout.InfiniteTimeSpan;
        for (var node = waiting.First; node is not null; node = node.Next)
        {
            var left = node.Value.Pause == TimeSpan.Zero ? TimeSpan.Zero : node.Value.Pause - time.GetElapsedTime(node.Value.PutBackAt);
            if (left <= TimeSpan.Zero)
            {
                return node;
            }

            if (soonest is null || left < pause)
            {
                (soonest, pause) = (node, left);
            }
        }

        return isDue ? soonest : null;
    }

    private sealed class Entry(AlertMessage message, long since)
    {
        public AlertMessage Message { get; set; } = message;

        public long Since => since;

        public TimeSpan Pause { get; set; }

        public long PutBackAt { get; set; }
    }
}
