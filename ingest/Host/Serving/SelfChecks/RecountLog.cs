using KpiStream.Engine.Codecs.Decoders;
using KpiStream.Engine.Reconciliation;
using KpiStream.Ingest.Host.State;
using KpiStream.Ingest.Kafka;

namespace KpiStream.Ingest.Host.Serving.SelfChecks;

/// <summary>The log behind a live source, to be read a second time by a reader of its own.</summary>
internal sealed record RecountLog
{
    /// <summary>Opens a reader from the log's start to its present end. What it has to say of damage is told to the action.</summary>
    public required Func<Action<string>, IRecordSource> Open { get; init; }

    /// <summary>The position of the very first record of a part: Kafka counts from 0, other logs from 1.</summary>
    public required long FirstPosition { get; init; }

    /// <summary>
    /// True where positions have no gaps, so that a log that begins behind its first record has lost some. Of Kafka's its reader knows better.
    /// </summary>
    public required bool IsGapless { get; init; }

    /// <summary>True when it is known and shown already that the log is damaged.</summary>
    public Func<bool> IsKnownDamaged { get; init; } = static () => false;

    /// <summary>
    /// What has been counted and is missing in the log by now, in one sentence; empty for nothing. A difference would say that figures are wrong, when it is
    /// the log that lacks them.
    /// </summary>
    public Func<string> Missing { get; init; } = static () => "";

    /// <summary>What was gone before it was read live; null where that cannot be.</summary>
    public GapRegister? Gaps { get; init; }

    /// <summary>A topic, read by a client of its own that holds little.</summary>
    public static RecountLog OfTopic(KafkaConnection connection) => new()
    {
        Open = _ => new KafkaSource(
            new KafkaSourceOptions(connection with { Properties = WithSmallQueue(connection.Properties) }) { EndsAtOpenTransaction = true }),
        FirstPosition = 0,
        IsGapless = false,
    };

    /// <summary>An embedded log.</summary>
    /// <param name="isKnownDamaged">True when its live reader has met damage.</param>
    public static RecountLog OfFolder(string folder, Func<bool> isKnownDamaged) => new()
    {
        Open = damaged => new RecordingSource(LogFolder.Inputs(folder), new RecordingSourceOptions { Report = damaged }),
        FirstPosition = 1,
        IsGapless = true,
        IsKnownDamaged = isKnownDamaged,
    };

    /// <summary>Reads a recount's log once.</summary>
    /// <returns><see cref="SelfCheckVerdict.Equal"/> when it was read as it had been, otherwise what is wrong, and the records read.</returns>
    public async Task<RecountReading> ReadAsync(UnitDayRecount recount, bool isMarking, CodeBook codes, EngineOptions options, StreamBounds bounds,
        double share, TimeProvider time, CancellationToken stop)
    {
        if (bounds.Parts.Count == 0)
        {
            return new RecountReading(SelfCheckVerdict.Equal, "", 0, []);
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var damage = "";
        var source = Open(sentence => damage = damage.Length == 0 ? sentence : damage);
        IEventDecoder decoder = source.Form == RecordForm.Recorded
            ? new RecordedEventDecoder(codes, options.Limits)
            : new EventDecoder(codes, options.PseudonymKey, options.Limits, options.Profiles);
        var pass = new RecountPass(recount, isMarking, decoder, bounds, new RecountThrottle(share, time, stop), ending);
        var end = await source.RunAsync(pass, StartOf(bounds), ending.Token);
        stop.ThrowIfCancellationRequested();
        var (verdict, error) = Judge(pass, end, source.Lost > 0, damage, recount.IsTooLarge);
        return new RecountReading(verdict, error, pass.Records, IsGapless ? pass.MissingBefore : []);
    }

    /// <summary>What is read slowly need not wait in crowds: one fetch of each broker.</summary>
    private static Dictionary<string, string> WithSmallQueue(IReadOnlyDictionary<string, string> properties) => new(properties)
    {
        ["queued.max.messages.kbytes"] = "1024",
        ["max.partition.fetch.bytes"] = "1048576",
    };

    /// <summary>A topic is read from the first record that the engine was given; other logs have no places by position and are read whole.</summary>
    private SourceStart StartOf(StreamBounds bounds) => IsGapless ? SourceStart.Beginning : new SourceStart(
        new SourcePlaces([.. bounds.Parts.OrderBy(part => part.Key).Select(part => new SourcePlace(part.Key, part.Value.First))]), AcceptGap: false);

    private (SelfCheckVerdict Verdict, string Error) Judge(RecountPass pass, SourceEnd end, bool hasLost, string damage, bool isTooLarge)
    {
        if (isTooLarge)
        {
            return (SelfCheckVerdict.TooLarge, "the unit has too many cases to be counted again in the memory set aside for it.");
        }

        if (Missing() is { Length: > 0 } missing)
        {
            return (SelfCheckVerdict.Incomplete, missing);
        }

        if (end.Kind is SourceEndKind.Unavailable)
        {
            return (SelfCheckVerdict.Unreadable, end.Message);
        }

        if (damage.Length > 0 && !IsKnownDamaged())
        {
            return (SelfCheckVerdict.Damaged, damage);
        }

        if (end.Kind is SourceEndKind.Gap || hasLost || (IsGapless && pass.BeginsLate && damage.Length == 0))
        {
            return (SelfCheckVerdict.Incomplete, end.Message.Length > 0 ? end.Message : "the log does not hold any more what was read first.");
        }

        // Where positions have gaps, the last one before a restart may be a tombstone or a mark of a transaction, and is never handed over.
        var isAtEnd = !IsGapless && end.Kind == SourceEndKind.Finished;
        return pass.IsWhole || isAtEnd || damage.Length > 0
            ? (SelfCheckVerdict.Equal, "")
            : (SelfCheckVerdict.Damaged, "the log ends before what was read of it: records are gone that have been counted.");
    }
}

/// <summary>What came of reading a log once.</summary>
/// <param name="Verdict"><see cref="SelfCheckVerdict.Equal"/> when nothing is wrong with it.</param>
/// <param name="Error">What is wrong, in one sentence; empty when nothing is.</param>
/// <param name="MissingBefore">Positions that were read before the start and are gone.</param>
internal sealed record RecountReading(SelfCheckVerdict Verdict, string Error, long Records, IReadOnlyList<(long From, long To)> MissingBefore);
