using System.Diagnostics.Metrics;
using KpiStream.Engine.Alerts;
using KpiStream.Ingest.Host.Serving.Liveness;
using KpiStream.Ingest.Host.Serving.Metrics;
using KpiStream.Ingest.Host.Serving.Posting;
using KpiStream.Ingest.Host.Serving.SelfChecks;
using KpiStream.Ingest.Host.State;
using KpiStream.Ingest.Kafka;
using KpiStream.Ingest.Sources.Configuration.Alerts;

namespace KpiStream.Ingest.Host.Serving;

/// <summary>Where the live events come from, and what depends on it.</summary>
internal sealed record LiveSource
{
    public required IRecordSource Source { get; init; }

    public required bool IsDemo { get; init; }

    /// <summary>The code book of the events; shared with the log, whose events are decoded before they are written.</summary>
    public CodeBook Codes { get; init; } = new();

    /// <summary>The way into the embedded log; null for other sources.</summary>
    public GroupCommit? Commit { get; init; }

    /// <summary>Where the counts of what is rejected before it reaches the embedded log are kept; null for other sources.</summary>
    public StateNote? Rejections { get; init; }

    /// <summary>Looks after the segments of the embedded log; null for other sources.</summary>
    public SegmentWatch? Segments { get; init; }

    /// <summary>What the source says of itself; asked on every frame.</summary>
    public required Func<SourceHealth> Health { get; init; }

    /// <summary>How long the source has been silent by its own knowledge; null where it has none.</summary>
    public Func<TimeSpan?>? Silence { get; init; }

    /// <summary>Adds what only this source knows to the metrics.</summary>
    public Action<Meter> AddMetrics { get; init; } = static _ => { };

    /// <summary>What was gone before it was read.</summary>
    public GapRegister Gaps { get; init; } = new(static _ => { }, TimeProvider.System);

    /// <summary>Looks once for what the source lacks of its past, while it is read.</summary>
    public Action<CancellationToken> FindGaps { get; init; } = static _ => { };

    /// <summary>Told how far a checkpoint had counted the source: what an embedded log does not hold any more before that is missing.</summary>
    public Action<long> ContinueBehind { get; init; } = static _ => { };

    /// <summary>How many partitions the source has; 0 while that is unknown.</summary>
    public required Func<int> Partitions { get; init; }

    /// <summary>The log behind the source, to be counted again while serving; null where there is none.</summary>
    public RecountLog? Recount { get; init; }

    /// <summary>What becomes of the rules over this source.</summary>
    public Func<AlertRuleSet, AlertRuleSet> RulesOver { get; init; } = static rules => rules;

    /// <summary>A topic, followed for ever.</summary>
    public static LiveSource OverKafka(Settings settings, Action<string> say)
    {
        var connection = new KafkaConnection(settings.Kafka.Bootstrap, settings.Kafka.Topic) { Properties = settings.Kafka.Properties };
        var gaps = new GapRegister(say, TimeProvider.System);
        var name = KafkaSource.NameOf(connection);
        var source = new KafkaSource(new KafkaSourceOptions(connection)
        {
            Follow = true,
            Drain = settings.Kafka.Drain,
            OpenTransactionWait = settings.Kafka.OpenTransactionWait,

            // Half the time after which data is stale: what is silent is said well within it.
            SilenceLimit = TimeSpan.FromSeconds(settings.StaleAfterSeconds) / 2,
            Log = say,
            ReportLoss = lost => gaps.Add(name, lost.Partition, lost.From, lost.To, lost.Reason),
            Report = status => say(status.Sentence),
        });
        return new LiveSource
        {
            Source = source,
            IsDemo = false,
            Health = () => HealthOf(source.Status) is { Text.Length: > 0 } health ? health : HealthOf(gaps),
            Silence = () => source.Silence,
            AddMetrics = meter => TopicMetrics.AddTo(meter, source, gaps),
            Gaps = gaps,
            Partitions = () => source.Partitions,
            Recount = RecountLog.OfTopic(connection) with { Gaps = gaps },
        };
    }

    /// <summary>An embedded log, followed for ever.</summary>
    /// <exception cref="IOException">The log cannot be opened; the message says why.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write in its folder.</exception>
    public static LiveSource OverLog(LogSettings log, Settings settings, PseudonymKey key, Action<string> say)
    {
        var codes = new CodeBook();
        var keyFile = Path.Combine(log.Folder, PseudonymKeyFile.DefaultName);
        var options = new EventLogOptions(new RecordingOptions(codes, key.Id)) { Report = say, KeyFile = File.Exists(keyFile) ? keyFile : null };
        var source = new LogSource(log.Folder, new RecordingSourceOptions { Report = say }) { Durable = options.Durable };
        var files = new LogFiles(log.Folder);
        var gaps = new GapRegister(say, TimeProvider.System) { HasLooked = false };
        var segments = new SegmentWatch(files, say)
        {
            Durable = options.Durable,
            Returned = segment => SegmentEnding.TryComplete(files, segment, options),
        };
        var opened = EventLog.Open(log.Folder, options);
        var commit = new GroupCommit(opened, () => EventLog.Open(log.Folder, options));
        var ending = new LostEnding(opened.LastNumber, log.Folder, say);
        return new LiveSource
        {
            Source = source,
            IsDemo = false,
            Codes = codes,
            ContinueBehind = counted => ending.Find(counted, commit),
            Segments = segments,
            Rejections = new StateNote(StateFiles.OfHeld(log.Folder), KeptRejections.FileName),
            AddMetrics = meter => SegmentMetrics.AddTo(meter, segments, source, gaps),
            Gaps = gaps,
            FindGaps = stop => FindGapsIn(files, source.Name, gaps, ending, say, stop),
            Commit = commit,
            Health = () => segments.Missing > 0 ? new SourceHealth(false, "nhật ký mất tệp đã ghi, khởi động lại sẽ thiếu số liệu")
                : HealthOf(gaps) is { Text.Length: > 0 } lost ? lost
                : source.Damage.Length > 0 ? new SourceHealth(false, "nhật ký có đoạn hỏng, số liệu có thể thiếu", source.Damage) : default,
            Partitions = () => 1,
            Recount = RecountLog.OfFolder(log.Folder, () => source.Damage.Length > 0) with { Missing = () => segments.Failure, Gaps = gaps },
        };
    }

    /// <summary>
    /// Generated events. The demo's month is not July 2025, so its low-volume rule is judged on the fifteenth day of the demo
    /// as the provincial letter judged the fifteenth of July 2025.
    /// </summary>
    public static LiveSource OverDemo(IRecordSource demo, DateOnly firstDay) => new()
    {
        Source = demo,
        IsDemo = true,
        Health = () => default,
        Partitions = () => 1,
        RulesOver = rules => rules with
        {
            Rules = [.. rules.Rules.Select(rule => rule is LowVolumeRule low ? low with { Since = firstDay, JudgedOn = firstDay.AddDays(14) } : rule)],
        },
    };

    private static void FindGapsIn(LogFiles files, string source, GapRegister gaps, LostEnding ending, Action<string> say, CancellationToken stop)
    {
        try
        {
            gaps.Keep(source, [.. SegmentNumbers.FindMissing(files, stop).Concat(ending.Missing).Distinct()]);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            say($"{files.Name} could not be looked through for missing events: {problem.Message} See to the disk and start again.");
        }
        finally
        {
            gaps.HasLooked = true;
        }
    }

    // What is missing is missing from the figures; what comes now is live.
    private static SourceHealth HealthOf(GapRegister gaps) => gaps.Open is { Count: > 0 } open
        ? new SourceHealth(
            false,
            open.Sum(static gap => gap.To - gap.From) is > 0 and var lost
                ? open.All(static gap => gap.IsOfLog) ? $"nhật ký đã mất {lost} sự kiện, số liệu có thể thiếu"
                : $"nhật ký Kafka đã mất {lost} bản ghi trước khi đọc được, số liệu có thể thiếu"
                : "chủ đề Kafka đã bị xoá và tạo lại, số liệu có thể thiếu",
            $"{string.Join("; ", open.Take(3).Select(static gap => gap.Describe()))}; see /api/v1/gaps")
        : default;

    private static SourceHealth HealthOf(KafkaStatus status) => status.Kind switch
    {
        KafkaStatusKind.Connecting => new SourceHealth(true, "đang kết nối Kafka", status.Sentence),
        KafkaStatusKind.Disconnected => new SourceHealth(true, "mất kết nối Kafka, đang thử lại", status.Sentence),
        KafkaStatusKind.PartitionSilent => new SourceHealth(true, "một phần máy chủ Kafka không trả lời, số liệu có thể thiếu",
            status.Sentence),
        KafkaStatusKind.TransactionOpen => new SourceHealth(true, "giao dịch Kafka chưa kết thúc, dữ liệu phía sau chưa đọc được",
            status.Sentence),
        _ => default,
    };
}
