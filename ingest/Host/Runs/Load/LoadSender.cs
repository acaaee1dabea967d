namespace KpiStream.Ingest.Host.Runs.Load;

/// <summary>Where the records of a load go. Called by the sending flow alone.</summary>
internal interface ILoadTarget
{
    /// <summary>Takes one record; waits where the target is full. False when it takes no more.</summary>
    bool TrySend(ReadOnlySpan<byte> record, in LoadItem item, CancellationToken stop);

    /// <summary>Passes on what it has collected: nothing else is due at present.</summary>
    void Flush();
}

/// <summary>
/// Sends every record at its planned moment, or as soon after as the target lets it: the plan never waits for the target. What it falls behind is split
/// in two: the time that it stood in the target, which is the target's and is in every latency, and the rest, which is its own and makes a run void.
/// </summary>
internal sealed class LoadSender(LoadQueue queue, ILoadTarget target, ILoadClock clock, bool isOpenLoop)
{
    /// <summary>Records after which what is collected is passed on though more are due.</summary>
    private const int MostUnflushed = 256;

    /// <summary>
    /// Where more are due in a beat, they are sent at every beat and passed on together: waiting for each and passing it on by itself would take more of the
    /// machine than the engine does.
    /// </summary>
    private const int MostPerBeat = 4;

    private long gap = clock.Beat;
    private long sent;
    private long inTarget;
    private int unflushed;

    /// <summary>Told of each record when it was due and how late it was begun with, nanoseconds.</summary>
    public Action<long, long> NoteLag { get; init; } = static (_, _) => { };

    /// <summary>How late the sender is with what is due earlier makes no run void, nanoseconds after the start.</summary>
    public long JudgedFrom { get; init; }

    /// <summary>Records handed over. Any thread may ask.</summary>
    public long Sent => Volatile.Read(ref sent);

    /// <summary>The most the sender fell behind by itself, nanoseconds.</summary>
    public long WorstOwnLag { get; private set; }

    /// <summary>When the last record was due, nanoseconds after the start.</summary>
    public long LastDue { get; private set; }

    /// <summary>Sends until the end; false when the target took no more or the run was stopped.</summary>
    public bool Run(CancellationToken stop)
    {
        clock.WaitUntil(0, stop); // Nothing is sent before the start, whatever the pace.
        while (queue.Next() is { } chunk)
        {
            foreach (ref readonly var item in chunk.Items)
            {
                if (!TrySend(chunk.BytesOf(in item).Span, in item, stop))
                {
                    return false;
                }
            }

            queue.Return(chunk);
        }

        Flush();
        return !stop.IsCancellationRequested;
    }

    private bool TrySend(ReadOnlySpan<byte> record, in LoadItem item, CancellationToken stop)
    {
        var now = clock.Now;
        if (isOpenLoop)
        {
            gap += (item.Due - LastDue - gap) / 16;
            now = Wait(item.Due, now, stop);
            NoteLag(item.Due, now - item.Due);
            WorstOwnLag = item.Due < JudgedFrom ? 0 : Math.Max(WorstOwnLag, now - item.Due - inTarget);
        }

        // Without a plan an event is due when its turn has come.
        var due = isOpenLoop ? item : item with { Due = now };
        LastDue = due.Due;
        if (stop.IsCancellationRequested || !target.TrySend(record, in due, stop))
        {
            return false;
        }

        Volatile.Write(ref sent, sent + 1);
        if (++unflushed == MostUnflushed)
        {
            target.Flush();
            unflushed = 0;
        }

        inTarget += clock.Now - now;
        return true;
    }

    private long Wait(long due, long now, CancellationToken stop)
    {
        if (due <= now)
        {
            return now;
        }

        do
        {
            // The board reads a source where it has run dry: while nothing is due, the target hears of it at every beat, and no frame waits longer.
            target.Flush();
            unflushed = 0;
            now = clock.Now;
            inTarget = Math.Max(0, now - due);
            if ((due - now) / 2 > clock.Beat || gap < clock.Beat / MostPerBeat)
            {
                clock.Rest(stop);
            }
            else
            {
                clock.WaitUntil(due, stop);
            }
        }
        while ((now = clock.Now) < due && !stop.IsCancellationRequested);

        return now;
    }

    private void Flush()
    {
        if (unflushed > 0)
        {
            target.Flush();
            unflushed = 0;
        }
    }
}
