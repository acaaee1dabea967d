using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using KpiStream.Engine.Arrivals;
using KpiStream.Engine.Codecs;

namespace KpiStream.Engine.Pipeline;

/// <summary>
/// One source's way in: decodes records in place, counts and notes what is rejected, and collects the events of each shard into batches.
/// Owned by the flow that runs the source; the counts may be read by anyone.
/// </summary>
public sealed class Intake : IRecordSink
{
    private readonly EngineOptions options;
    private readonly ShardRouter router;
    private readonly IEventDecoder decoder;
    private readonly IDeadLetterSink? deadLetters;
    private readonly EventBatch?[] pending;
    private readonly LateWatch late;
    private long greatestAt = long.MinValue;
    private long now = long.MinValue;
    private bool hasArrivals;

    internal Intake(string source, EngineOptions options, ShardRouter router, IEventDecoder decoder, IDeadLetterSink? deadLetters, RecordForm form)
    {
        Form = form;
        Source = source;
        this.options = options;
        this.router = router;
        this.decoder = decoder;
        this.deadLetters = deadLetters;
        pending = new EventBatch?[router.Count];
        late = new LateWatch(options.LateAfter, options.Limits.FutureTolerance, options.WallClock);
        Arrivals = options.WallClock is { } clock ? new SourceArrivals(options.Codes.Sources, clock) : null;
    }

    public string Source { get; }

    /// <summary>What the source's records are.</summary>
    public RecordForm Form { get; }

    /// <summary>What came in and what became of it.</summary>
    public IntakeCounts Counts { get; } = new();

    /// <summary>
    /// True while what the source hands over comes in now; false while it is the source's past, of which only a timestamp says when it came in. Set by the flow
    /// that runs the source.
    /// </summary>
    public bool IsLive { get; set; }

    /// <summary>
    /// True once the source had nothing left to read: what it hands over from then on has just come in. Set by the flow that runs the source.
    /// </summary>
    public bool IsCaughtUp { get; set; }

    /// <summary>When events of each source arrived; null where there is no wall clock.</summary>
    public SourceArrivals? Arrivals { get; }

    /// <summary>Which partitions records came from.</summary>
    public PartitionArrivals Partitions { get; } = new();

    /// <summary>Sources whose clocks ran ahead within the last hour, by name, the furthest first. Any thread may ask.</summary>
    /// <param name="now">Milliseconds since 1970 UTC.</param>
    /// <param name="least">The least lead worth a word, milliseconds.</param>
    public IReadOnlyList<(string Source, long Lead)> ClocksAhead(long now, long least) =>
        [.. late.Leads.Since(now, least).Select(one => (options.Codes.Sources.Text(one.Source), one.Lead))];

    public void Accept(ReadOnlySpan<byte> record, SourcePosition position, long arrival)
    {
        var verdict = decoder.Decode(record, arrival, out var decoded);
        Settle(verdict, in decoded, record, position, arrival);
    }

    /// <summary>Does with a record that was judged elsewhere, by a decoder of this engine's code book, what its verdict says.</summary>
    public void Settle(Verdict verdict, in CaseEvent decoded, ReadOnlySpan<byte> record, SourcePosition position, long arrival)
    {
        // By its fields: copied whole it would be read back before it is written, which waits for all that the event before has written, and that is in the
        // cache of the shard's core.
        var (partition, offset) = (position.Partition, position.Offset);
        Counts.Observe(offset, arrival);
        Partitions.Add(partition, arrival);
        if (verdict.IsAccepted)
        {
            Route(in decoded, arrival);
        }
        else
        {
            Refuse(verdict, record, partition, offset, arrival);
        }
    }

    public void RejectTooLarge(SourcePosition position, long arrival, long length, ReadOnlySpan<byte> sha256)
    {
        Counts.Observe(position.Offset, arrival);
        Partitions.Add(position.Partition, arrival);
        Reject(new Verdict(RejectReason.TooLarge), arrival);
        Note(new Verdict(RejectReason.TooLarge), position, arrival, length, sha256);
    }

    /// <summary>
    /// Counts and notes a record that was judged before it came here, as records posted over HTTP are. Unlike everything else here it may be called on
    /// any thread; the dead letters' sink must then bear that too.
    /// </summary>
    /// <param name="verdict">Not accepted.</param>
    /// <param name="position">Where it came from.</param>
    /// <param name="arrival">When it came in, milliseconds since 1970 UTC.</param>
    /// <param name="length">Its length in bytes.</param>
    /// <param name="sha256">The hash of all its bytes, 32 bytes.</param>
    public void RejectPosted(Verdict verdict, SourcePosition position, long arrival, long length, ReadOnlySpan<byte> sha256)
    {
        CountPosted(verdict, arrival);
        Note(verdict, position, arrival, length, sha256);
    }

    /// <inheritdoc cref="RejectPosted(Verdict, SourcePosition, long, long, ReadOnlySpan{byte})"/>
    /// <param name="record">The record's bytes, of which only length and hash are noted.</param>
    public void RejectPosted(Verdict verdict, ReadOnlySpan<byte> record, SourcePosition position, long arrival)
    {
        CountPosted(verdict, arrival);
        Note(verdict, position, arrival, record);
    }

    public void Flush()
    {
        Arrivals?.Rest();
        Partitions.Settle();
        for (var shard = 0; shard < pending.Length; shard++)
        {
            if (pending[shard] is { } batch)
            {
                Send(shard, batch);
            }
        }
    }

    public void ReportLag(int partition, long remaining) => Counts.ReportLag(partition, remaining);

    /// <summary>What must be known again after a restart. To be asked by the flow that runs the source.</summary>
    public IntakeState Save() => new()
    {
        Accepted = Counts.Accepted,
        Late = Counts.Late,
        GreatestAt = greatestAt,
        Now = now,
        LatestArrival = Counts.LatestArrival,
        LastOffset = Counts.LastOffset,
        HasArrivals = hasArrivals,
        Rejected = Counts.OfSource,
        Newest = late.Save(options.Codes.Sources),
        Days = Counts.Days.Save(),
        Posted = SavePosted(),
        Arrivals = Arrivals?.Save() ?? [],
        Partitions = SavePartitions(),
    };

    private IReadOnlyList<PartitionArrival> SavePartitions()
    {
        Partitions.Settle();
        return Partitions.Read();
    }

    /// <summary>What must be known of what was posted and rejected, and is in no source. Any thread may ask.</summary>
    public PostedState SavePosted() => new(Counts.Posted, Counts.PostedDays.Save());

    /// <summary>Continues where another intake was. Nothing may have gone through this one yet.</summary>
    public void Restore(IntakeState saved)
    {
        (greatestAt, now, hasArrivals) = (saved.GreatestAt, saved.Now, saved.HasArrivals);
        late.Restore(saved.Newest, options.Codes.Sources);
        Counts.Restore(saved, late.DataTime);
        Counts.Days.Restore(saved.Days, Today());
        RestorePosted(saved.Posted);
        Arrivals?.Restore(saved.Arrivals);
        Partitions.Restore(saved.Partitions);
    }

    /// <summary>Continues from what was saved in more than one place; of two counts of the same the greater one holds.</summary>
    public void RestorePosted(PostedState saved)
    {
        Counts.RestorePosted(saved.Rejected);
        Counts.PostedDays.Restore(saved.Days, Today());
    }

    private void Route(in CaseEvent decoded, long arrival)
    {
        greatestAt = Math.Max(greatestAt, decoded.Stamp.At);
        now = Math.Max(now, Says(in decoded, arrival));
        var isLate = late.IsLate(decoded.Values.Source, decoded.Stamp.At, arrival);
        if (isLate && CameOn(arrival) is { } came)
        {
            Counts.Days.AddLate(came.Day, came.Today);
        }

        Counts.Accept(greatestAt, now, late.DataTime, isLate);
        Arrivals?.Add(decoded.Values.Source, arrival, arrival != DecodeLimits.UnknownArrival && (Form == RecordForm.Recorded || !IsCaughtUp));
        var shard = router.ShardOf(decoded.Case);
        var batch = pending[shard] ??= router.Rent();
        batch.Next() = decoded;
        if (batch.IsFull)
        {
            Send(shard, batch);
        }
    }

    /// <summary>
    /// What an event says of now: of a recording, when it arrived; of anything else, and of a recording in which no arrival has been
    /// seen, its <c>at</c>.
    /// </summary>
    private long Says(in CaseEvent decoded, long arrival)
    {
        hasArrivals |= Form == RecordForm.Recorded && arrival != DecodeLimits.UnknownArrival;
        return hasArrivals ? arrival : decoded.Stamp.At;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Refuse(Verdict verdict, ReadOnlySpan<byte> record, int partition, long offset, long arrival)
    {
        Reject(verdict, arrival);
        Note(verdict, new SourcePosition(partition, offset), arrival, record);
    }

    private void Reject(Verdict verdict, long arrival)
    {
        if (CameOn(arrival) is { } came)
        {
            Counts.Days.Reject(verdict, came.Day, came.Today);
        }

        Counts.Reject(verdict);
    }

    private void CountPosted(Verdict verdict, long arrival)
    {
        Counts.PostedDays.Reject(verdict, LocalTime.DayOf(arrival), LocalTime.DayOf(arrival));
        Counts.RejectPosted(verdict);
    }

    /// <summary>
    /// The local day on which a record came in, and today; null where nobody can know. A recording knows it of every record, and says the same however often it
    /// is read. The timestamps of other sources may be anything, and are believed only of their past.
    /// </summary>
    private (int Day, int Today)? CameOn(long arrival)
    {
        if (options.WallClock is not { } clock)
        {
            return null;
        }

        var wall = clock();
        var isKnown = arrival != DecodeLimits.UnknownArrival && (Form == RecordForm.Recorded || !IsLive);
        return isKnown || IsLive ? (LocalTime.DayOf(isKnown ? Math.Min(arrival, wall) : wall), LocalTime.DayOf(wall)) : null;
    }

    private int Today() => options.WallClock is { } clock ? LocalTime.DayOf(clock()) : int.MaxValue;

    private void Send(int shard, EventBatch batch)
    {
        batch.Now = options.NowFollowsEvents ? now : long.MinValue;
        pending[shard] = null;
        router.Put(shard, batch);
    }

    private void Note(Verdict verdict, SourcePosition position, long arrival, ReadOnlySpan<byte> record)
    {
        if (deadLetters is not null)
        {
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(record, hash);
            Note(verdict, position, arrival, record.Length, hash);
        }
    }

    private void Note(Verdict verdict, SourcePosition position, long arrival, long length, ReadOnlySpan<byte> sha256) => deadLetters?.Put(new DeadLetter
    {
        Source = Source,
        Verdict = verdict,
        Position = position,
        Arrival = arrival,
        Length = length,
        Sha256 = sha256,
    });
}
