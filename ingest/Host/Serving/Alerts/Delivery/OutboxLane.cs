namespace KpiStream.Ingest.Host.Serving.Alerts.Delivery;

/// <summary>A message that waits in a lane.</summary>
/// <param name="Id">Its offer's.</param>
/// <param name="Since">Since when it, or what it took the place of, waits; milliseconds since 1970 UTC.</param>
/// <param name="DueAt">Not to be tried before; a timestamp of the lane's clock.</param>
internal sealed record OutboxEntry(long Id, long Since, DeliveryMessage Message, long DueAt = long.MinValue);

/// <summary>
/// What one channel has to deliver: of each key the newest message alone, so that a receiver that was down for hours is not told of every change it missed.
/// Bounded: beyond <see cref="MostWaiting"/> keys the least grave of the longest waiting is given up as <c>full</c>. Written by the outbox; taken from by its
/// channel; any thread may look.
/// </summary>
internal sealed class OutboxLane(string channel, TimeProvider time)
{
    /// <summary>Every commune of the nation under three rules, ungrouped.</summary>
    public const int MostWaiting = 10_000;

    /// <summary>Why a message is given up that there is no room for.</summary>
    public const string Full = "full";

    private readonly Lock changing = new();
    private readonly Dictionary<string, OutboxEntry> waiting = [];
    private readonly Dictionary<string, DeliveryMessage> standing = [];
    private TaskCompletionSource changed = NewSignal();

    public string Channel => channel;

    /// <summary>How many were taken, replaced by a newer message of the key before they were taken, or given up.</summary>
    public LaneCounts Counts { get; private set; } = new();

    public int Count => Locked(() => waiting.Count);

    /// <summary>In the order in which they came.</summary>
    public IReadOnlyList<OutboxEntry> Waiting => Locked<IReadOnlyList<OutboxEntry>>(() => [.. waiting.Values.OrderBy(static entry => entry.Id)]);

    /// <summary>What the receiver holds under each key: it was told, and not yet that it is over. Bounded like what waits.</summary>
    public IReadOnlyList<DeliveryMessage> Standing => Locked<IReadOnlyList<DeliveryMessage>>(() => [.. standing.Values]);

    /// <summary>How long the longest waiting has waited.</summary>
    public TimeSpan OldestAge => Locked(() => waiting.Count == 0 ? TimeSpan.Zero
        : TimeSpan.FromMilliseconds(Math.Max(0, time.GetUtcNow().ToUnixTimeMilliseconds() - waiting.Values.Min(static entry => entry.Since))));

    /// <summary>What stands at the receiver under a key; null for nothing.</summary>
    public DeliveryMessage? StandingOf(string key) => Locked(() => standing.GetValueOrDefault(key));

    /// <summary>A waiting message; null when it does not wait any more.</summary>
    public OutboxEntry? Find(string key, long id) => Locked(() => waiting.GetValueOrDefault(key) is { } entry && entry.Id == id ? entry : null);

    /// <summary>What was counted while an earlier run's outbox was read is that run's.</summary>
    public void CountFromHere() => Counts = new LaneCounts();

    /// <summary>What the receiver holds under a key, or will once it has taken what waits; null when it was told nothing, or that it is over.</summary>
    public DeliveryMessage? HeldUnder(string key) => Locked(() => waiting.TryGetValue(key, out var entry) ? entry.Message.IsOver ? null : entry.Message
        : standing.GetValueOrDefault(key));

    /// <summary>Adds a message, in the place of an older one of its key.</summary>
    /// <returns>The message given up because there was no room; null for none.</returns>
    public OutboxEntry? Add(OutboxEntry entry)
    {
        lock (changing)
        {
            OutboxEntry? least = null;
            if (waiting.TryGetValue(entry.Message.Key, out var older))
            {
                Counts.Replace();
                entry = entry with { Since = Math.Min(entry.Since, older.Since) };
            }
            else if (waiting.Count >= MostWaiting)
            {
                least = waiting.Values.Append(entry).MinBy(static each => (each.Message.Grade, each.Id))!;
                Counts.GiveUp(Full);
                waiting.Remove(least.Message.Key);
            }

            if (least != entry)
            {
                waiting[entry.Message.Key] = entry;
                changed.TrySetResult();
            }

            return least;
        }
    }

    /// <summary>A message is done with.</summary>
    public void Settle(OutboxSettle settle)
    {
        lock (changing)
        {
            if (waiting.TryGetValue(settle.Key, out var entry))
            {
                if (entry.Id == settle.Id)
                {
                    waiting.Remove(settle.Key);
                }
                else
                {
                    Counts.Replace(-1); // It was under way when the newer one came, and arrived.
                }
            }

            if (settle.Dead is { } reason)
            {
                Counts.GiveUp(reason);
                return;
            }

            Counts.Take();
            Stand(settle.Key, settle.Standing);
        }
    }

    /// <summary>What the receiver holds under a key from now on; null for nothing.</summary>
    public void Stand(string key, DeliveryMessage? message)
    {
        lock (changing)
        {
            if (message is null)
            {
                standing.Remove(key);
            }
            else if (standing.Count < MostWaiting || standing.ContainsKey(key))
            {
                standing[key] = message;
            }
        }
    }

    /// <summary>A message is not to be tried for a while; others are.</summary>
    public void Postpone(OutboxEntry entry, TimeSpan pause)
    {
        lock (changing)
        {
            if (waiting.GetValueOrDefault(entry.Message.Key)?.Id == entry.Id)
            {
                waiting[entry.Message.Key] = entry with { DueAt = After(pause) };
            }
        }
    }

    /// <summary>
    /// The messages to try next, the gravest and then the oldest first; they stay in the lane until they are settled. Waits until there is one, or until
    /// <paramref name="limit"/> has passed, when there is none.
    /// </summary>
    public async Task<IReadOnlyList<OutboxEntry>> NextAsync(int most, TimeSpan limit, CancellationToken stop)
    {
        var end = limit == Timeout.InfiniteTimeSpan ? long.MaxValue : After(limit);
        var reached = long.MinValue;
        while (true)
        {
            Task signal;
            TimeSpan pause;
            long next;
            lock (changing)
            {
                var now = Math.Max(reached, time.GetTimestamp());
                var due = waiting.Values.Where(entry => entry.DueAt <= now).OrderByDescending(static entry => entry.Message.Grade)
                    .ThenBy(static entry => entry.Id).Take(most).ToList();
                if (due.Count > 0 || now >= end)
                {
                    return due;
                }

                changed = NewSignal();
                signal = changed.Task;
                next = Math.Min(end, waiting.Values.Select(static entry => entry.DueAt).DefaultIfEmpty(long.MaxValue).Min());
                pause = next == long.MaxValue ? Timeout.InfiniteTimeSpan : time.GetElapsedTime(now, next);
            }

            if (!await IsSignalledAsync(signal, pause, stop))
            {
                reached = next; // Whatever the clock says: a timer may be early.
            }
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private long After(TimeSpan pause) => time.GetTimestamp() + (long)(pause.TotalSeconds * time.TimestampFrequency);

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

    private T Locked<T>(Func<T> read)
    {
        lock (changing)
        {
            return read();
        }
    }
}
