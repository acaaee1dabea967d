using Confluent.Kafka;
using KpiStream.Engine.Events;
using KpiStream.Engine.Pipeline;

namespace KpiStream.Ingest.Kafka;

/// <summary>
/// The partitions being read: which are assigned, how far each one is, how far behind. Owned by the consuming thread.
/// Finished partitions are given back to the client at once, so that a busy topic is not fetched beyond the end of a replay.
/// </summary>
internal sealed class PartitionSet(
    KafkaSourceOptions options, IConsumer<Ignore, int> consumer, TopicLookup lookup, KafkaCounts counts, IRecordSink sink, Action<KafkaStatus> say)
{
    private readonly List<PartitionProgress> all = [];
    private readonly HashSet<int> misplaced = [];
    private string topicId = "";
    private int open;

    /// <summary>Every partition has been read to its end. Never when following.</summary>
    public bool AllDone => open == 0 && !options.Follow;

    /// <summary>Why reading cannot go on where it is to; null while it can.</summary>
    public SourceGap? Gap { get; private set; }

    /// <summary>Where reading has come. A partition of which nothing was read, not even its end, is left out: where it begins is not known.</summary>
    public IReadOnlyList<SourcePlace> Places => [.. all.Where(static progress => progress.Next > 0).Select(progress => new SourcePlace(progress.Partition, progress.Next, Identity: topicId))];

    /// <summary>Finds where to read from and to and assigns it all. Asks again from the beginning when a question is not answered.</summary>
    public bool TryOpen(int count, string id)
    {
        all.Clear();
        topicId = id;
        var numbers = Enumerable.Range(0, count).ToList();
        Dictionary<int, (long Low, long High)> bounds = [];
        if ((!options.Follow || !options.AcceptGap) && !lookup.TryBounds(numbers, out bounds))
        {
            return false;
        }

        Gap = options.AcceptGap ? null : TopicGap.Find(options, id, bounds);
        if (Gap is not null)
        {
            return false;
        }

        var starts = StartPositions();
        all.AddRange(numbers.Select(partition => options.Follow ? PlanToFollow(partition, starts) : PlanToReplay(partition, starts, bounds[partition])));
        var unread = all.Where(static progress => !progress.Done).ToList();
        open = unread.Count;
        counts.Partitions = count;
        consumer.Assign(unread.Select(StartOf));
        return true;
    }

    /// <summary>Starts reading partitions that were added to the topic, from offset 0, and all of them when the topic was made anew.</summary>
    public void Extend(int count, string id)
    {
        if (TopicGap.IsAnother(topicId, id))
        {
            SayMadeAnew();
            consumer.Unassign();
            all.Clear();
            open = 0;
        }

        topicId = id;
        for (var partition = all.Count; partition < count; partition++)
        {
            var progress = new PartitionProgress(partition, 0, PartitionProgress.NoEnd);
            all.Add(progress);
            open++;
            counts.Partitions = all.Count;
            consumer.IncrementalAssign([StartOf(progress)]);
        }
    }

    /// <summary>Says whether a record is to be handed over, and moves its partition on.</summary>
    public bool TryTake(int partition, long offset)
    {
        var progress = all[partition];
        if (progress.Done)
        {
            return false;
        }

        var taken = progress.TryTake(offset);
        CloseIfDone(progress);
        return taken;
    }

    /// <summary>The client has come to the end of a partition as it is now.</summary>
    public void ReachedEnd(int partition, long offset)
    {
        var progress = all[partition];
        if (progress.Done)
        {
            return;
        }

        progress.ReachedEnd(offset);
        CloseIfDone(progress);
        sink.ReportLag(partition, 0);
    }

    /// <summary>The client was told that a partition does not hold the offset we asked for; <see cref="Replace"/> will see to it.</summary>
    public void Misplaced(int partition) => misplaced.Add(partition);

    /// <summary>Puts misplaced partitions where their log goes on, loudly.</summary>
    public void Replace()
    {
        misplaced.RemoveWhere(partition => all[partition].Done);
        if (misplaced.Count == 0 || !lookup.TryBounds(misplaced, out var bounds))
        {
            return;
        }

        foreach (var partition in misplaced)
        {
            Move(all[partition], bounds[partition].Low, bounds[partition].High);
        }

        misplaced.Clear();
    }

    /// <summary>Asks the leaders of all unfinished partitions whether they are there and still hold what is to be read.</summary>
    /// <returns>False when one did not answer.</returns>
    public bool TryRecheck()
    {
        var unfinished = all.Where(static progress => !progress.Done).ToList();
        if (!lookup.TryBounds([.. unfinished.Select(static progress => progress.Partition)], out var bounds))
        {
            return false;
        }

        foreach (var progress in unfinished)
        {
            var high = bounds[progress.Partition].High;
            if (high < progress.End)
            {
                Lost(progress, high, progress.End, "the log has become shorter");
                progress.CutTo(high);
                CloseIfDone(progress);
            }
        }

        return true;
    }

    /// <summary>Tells the sink how many offsets of each partition are known and not yet read.</summary>
    public void ReportLag()
    {
        foreach (var progress in all)
        {
            var known = consumer.GetWatermarkOffsets(new TopicPartition(options.Connection.Topic, progress.Partition)).High.Value;
            var last = Math.Min(known, progress.End);
            if (!progress.Done && last >= progress.Next)
            {
                sink.ReportLag(progress.Partition, last - progress.Next);
            }
        }
    }

    // Offsets of a topic that was made anew since mean nothing any more.
    private IReadOnlyDictionary<int, long> StartPositions()
    {
        if (!TopicGap.IsAnother(options.StartTopicId, topicId))
        {
            return options.StartPositions;
        }

        SayMadeAnew();
        return new Dictionary<int, long>();
    }

    private void SayMadeAnew() => say(new KafkaStatus(
        KafkaStatusKind.RecordsLost,
        $"{options.Connection.Topic} was made anew: it is read from its start, and what was read of the old one stays counted."));

    private static PartitionProgress PlanToFollow(int partition, IReadOnlyDictionary<int, long> starts) =>
        new(partition, starts.GetValueOrDefault(partition), PartitionProgress.NoEnd);

    // The first offset is the log's own unless a checkpoint says otherwise. A checkpoint's that retention has removed is found out
    // by the client; one behind the end would look like a partition already read, so it is found out here.
    private PartitionProgress PlanToReplay(int partition, IReadOnlyDictionary<int, long> starts, (long Low, long High) bounds)
    {
        var progress = new PartitionProgress(partition, starts.GetValueOrDefault(partition, bounds.Low), bounds.High);
        if (progress.Next > bounds.High)
        {
            StartAgain(progress, bounds.Low, bounds.High);
        }

        return progress;
    }

    private TopicPartitionOffset StartOf(PartitionProgress progress) => new(
        options.Connection.Topic, progress.Partition, progress.Next == 0 ? Offset.Beginning : new Offset(progress.Next));

    private void Move(PartitionProgress progress, long low, long high)
    {
        if (progress.Next < low)
        {
            Lost(progress, progress.Next, low, "retention has removed them");
            progress.MoveTo(low);
        }
        else if (progress.Next > high)
        {
            StartAgain(progress, low, high);
        }

        CloseIfDone(progress);
        if (!progress.Done)
        {
            var start = StartOf(progress);
            consumer.IncrementalUnassign([start.TopicPartition]);
            consumer.IncrementalAssign([start]);
        }
    }

    private void StartAgain(PartitionProgress progress, long low, long high)
    {
        Lost(progress, high, progress.Next, "the topic was made anew or its log was cut, so it is read again from its start");
        progress.MoveTo(low);
        progress.CutTo(options.Follow ? PartitionProgress.NoEnd : high);
    }

    private void Lost(PartitionProgress progress, long from, long to, string why)
    {
        counts.AddLost(to - from);
        say(new KafkaStatus(
            KafkaStatusKind.RecordsLost,
            $"Partition {progress.Partition} of {options.Connection.Topic} does not hold offsets {from} to {to - 1} any more: {why}."));
    }

    private void CloseIfDone(PartitionProgress progress)
    {
        if (progress.Done)
        {
            open--;
            sink.ReportLag(progress.Partition, 0);
            consumer.IncrementalUnassign([new TopicPartition(options.Connection.Topic, progress.Partition)]);
        }
    }
}
