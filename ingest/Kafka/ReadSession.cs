using KpiStream.Ingest.Kafka.Native;

namespace KpiStream.Ingest.Kafka;

/// <summary>
/// One run of a source on its thread: finds the topic, assigns its partitions, hands records over until the end or a stop.
/// Records are taken by the drain and by nothing else.
/// </summary>
internal sealed class ReadSession(
    KafkaSourceOptions options,
    IConsumer<Ignore, int> consumer,
    IRecordDrain drain,
    BrokerSignals signals,
    TopicLookup lookup,
    KafkaCounts counts,
    IRecordSink sink,
    Action<KafkaStatus> say) : IDrainReceiver
{
    // How long one wait for a record lasts at most: how soon a stop is noticed.
    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(100);

    // Asking the clock and the client for lag once per this many records costs nothing; at 100,000 records/s it is every 40 ms.
    private const int RecordsPerRound = 4096;

    private readonly PartitionSet partitions = new(options, consumer, lookup, counts, sink, say);
    private readonly IntervalClock intervals = new(options);
    private SourceEnd? end;
    private PartitionMonitor? monitor;
    private TopicShape? shape;

    public SourceEnd Run(CancellationToken stop)
    {
        say(new KafkaStatus(KafkaStatusKind.Connecting, $"Looking for {options.Connection.Topic} at {options.Connection.Bootstrap}."));
        if (!TryStart(stop))
        {
            return end ?? SourceEnd.Stopped;
        }

        using var asking = new PartitionMonitor(options, lookup, shape!);
        counts.Monitor = partitions.Monitor = monitor = asking;
        SayReading();
        Func<SourcePlaces> here = () => new SourcePlaces(partitions.Places, counts.Tombstones);
        while (end is null && !partitions.AllDone && !stop.IsCancellationRequested)
        {
            Round(stop);
            sink.Pass(here);
        }

        sink.Flush();
        sink.Pass(here);
        return end ?? (partitions.AllDone ? SourceEnd.Finished : SourceEnd.Stopped);
    }

    private KafkaStatus Reading => new(KafkaStatusKind.Reading, $"Reading {options.Connection.Topic} at {options.Connection.Bootstrap}.");

    private void SayReading() => say(Reading);

    // Asks until the topic and (in a replay) the bounds of all its partitions are known. A broker that is not there may come up;
    // following waits for it for ever, because a wallboard may be switched on before the brokers are.
    private bool TryStart(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            if (lookup.TryDescribe(out shape) && partitions.TryOpen(shape))
            {
                intervals.Heard();
                return true;
            }

            if (partitions.Gap is { } gap)
            {
                end = new SourceEnd(SourceEndKind.Gap, gap.Message);
                return false;
            }

            // Runs the client's callbacks, which may know better why there was no answer.
            drain.Take(Wait, this);
            if (lookup.Remedy != Remedy.Wait || (!options.Follow && intervals.QuietFor(options.GiveUpAfter)))
            {
                end = lookup.End();
                return false;
            }

            SayDisconnected();
        }

        return false;
    }

    public void OnRecord(int partition, long offset, ReadOnlySpan<byte> value, long arrival)
    {
        if (partitions.TryTake(partition, offset))
        {
            sink.Accept(value, new SourcePosition(partition, offset), arrival);
        }
    }

    public void OnTombstone(int partition, long offset)
    {
        if (partitions.TryTake(partition, offset))
        {
            counts.AddTombstone();
        }
    }

    public void OnEnd(int partition, long offset) => partitions.ReachedEnd(partition, offset);

    public void OnPartitionError(Error error, int partition)
    {
        if (error.Code is ErrorCode.Local_AutoOffsetReset or ErrorCode.Local_LogTruncation or ErrorCode.OffsetOutOfRange)
        {
            partitions.Misplaced(partition);
            return;
        }

        options.Log($"kafka: {error.Code}: {error.Reason}");
        var remedy = KafkaErrors.RemedyFor(error.Code);
        if (remedy is Remedy.GiveUp or Remedy.Damaged)
        {
            Refused(error.Code, error.Reason, remedy);
        }
    }

    // Records as they come; when there are none, first passes on what was collected, then waits.
    private void Round(CancellationToken stop)
    {
        for (var taken = 0; taken < RecordsPerRound && end is null && !partitions.AllDone;)
        {
            if (Take(TimeSpan.Zero) is > 0 and var more)
            {
                taken += more;
                continue;
            }

            sink.Flush();
            if (stop.IsCancellationRequested || Take(Wait) == 0)
            {
                break;
            }
        }

        LookAround();
    }

    private int Take(TimeSpan wait)
    {
        var taken = drain.Take(wait, this);
        if (taken > 0)
        {
            intervals.Heard();
        }

        return taken;
    }

    // Once records flow, a follower outlives everything: what is refused now may be granted again.
    private void Refused(ErrorCode code, string reason, Remedy remedy)
    {
        var sentence = KafkaErrors.Sentence(code, reason, options.Connection);
        if (options.Follow && code != ErrorCode.Local_Fatal)
        {
            say(new KafkaStatus(KafkaStatusKind.Disconnected, sentence));
            return;
        }

        end = new SourceEnd(remedy == Remedy.Damaged ? SourceEndKind.Damaged : SourceEndKind.Unavailable, sentence);
    }

    // What is not done for every record: lag, added partitions, whether anybody is still there.
    private void LookAround()
    {
        if (intervals.LagIsDue())
        {
            partitions.ReportLag();
            partitions.Replace();
        }

        if (options.Follow)
        {
            LookAroundFollowing();
        }
        else
        {
            LookAroundReplaying();
        }
    }

    private void LookAroundFollowing()
    {
        if (signals.Refusal is { } refusal)
        {
            Refused(refusal.Code, refusal.Reason, Remedy.GiveUp);
        }
        else if (signals.AllDown || monitor!.IsTopicLost)
        {
            SayDisconnected();
        }
        else if (intervals.StateIsDue())
        {
            say(FollowedState.Of(options, monitor.Answers.Health) ?? Reading);
        }

        if (monitor!.Shape is var newest && newest != shape)
        {
            shape = newest;
            partitions.Extend(newest);
        }
    }

    private void LookAroundReplaying()
    {
        if (signals.Refusal is { } refusal)
        {
            Refused(refusal.Code, refusal.Reason, Remedy.GiveUp);
        }
        else if (intervals.StateIsDue() && partitions.HeldBack() is { Count: > 0 } held)
        {
            WaitForTransaction(held);
        }
        else if (intervals.QuietFor(options.GiveUpAfter))
        {
            // Silence alone is not an error: gigabytes of aborted records are silent. No answer from a leader is.
            if (partitions.TryRecheck())
            {
                intervals.Heard();
            }
            else
            {
                end = lookup.End();
            }
        }
    }

    // The wait is over only when every transaction has had its time.
    private void WaitForTransaction(IReadOnlyList<PartitionHealth> held)
    {
        intervals.Heard();
        if (held.Min(static partition => partition.Held) >= options.OpenTransactionWait)
        {
            end = new SourceEnd(SourceEndKind.Damaged, OpenTransaction.NotEnded(options, held));
        }
        else
        {
            say(OpenTransaction.Waiting(options, held));
        }
    }

    private void SayDisconnected() => say(new KafkaStatus(KafkaStatusKind.Disconnected, lookup.Describe()));
}
