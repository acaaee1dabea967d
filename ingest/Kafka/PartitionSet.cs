namespace KpiStream.Ingest.Kafka;

/// <summary>
/// The partitions being read: which are assigned, how far each one is, how far behind. Owned by the consuming thread.
/// Finished partitions are given back to the client at once, so that a busy topic is not fetched beyond the end of a replay.
/// </summary>
internal sealed class PartitionSet(
    KafkaSourceOptions options, IConsumer<Ignore, int> consumer, TopicLookup lookup, KafkaCounts counts, IRecordSink sink, Action<KafkaStatus> say)
{
    private readonly List<PartitionProgress> all = [];
    private readonly Dictionary<int, long> misplaced = [];
    private string topicId = "";
    private int open;

    /// <summary>Every partition has been read to its end. Never when following.</summary>
    public bool AllDone => open == 0 && !options.Follow;

    /// <summary>Why reading cannot go on where it is to; null while it can.</summary>
    public SourceGap? Gap { get; private set; }

    /// <summary>Where reading has come. A partition of which nothing was read, not even its end, is left out: where it begins is not known.</summary>
    public IReadOnlyList<SourcePlace> Places =>
        [.. all.Where(static progress => progress.Next > 0).Select(progress => new SourcePlace(progress.Partition, progress.Next, Identity: topicId))];

    /// <summary>Answers of the brokers; null until the partitions are known.</summary>
    public PartitionMonitor? Monitor { get; set; }

    /// <summary>Finds where to read from and to and assigns it all. Asks again from the beginning when a question is not answered.</summary>
    public bool TryOpen(TopicShape topic)
    {
        all.Clear();
        topicId = topic.Id;
        var numbers = Enumerable.Range(0, topic.Leaders.Count).ToList();
        IReadOnlyDictionary<int, PartitionOffsets> bounds = new Dictionary<int, PartitionOffsets>();
        if ((!options.Follow || !options.AcceptGap) && !lookup.TryOffsets(numbers, out bounds))
        {
            return false;
        }

        Gap = options.AcceptGap ? null : TopicGap.Find(options, topicId, TopicLookup.BoundsOf(bounds));
        if (Gap is not null)
        {
            return false;
        }

        var starts = StartPositions();
        all.AddRange(numbers.Select(partition => options.Follow ? PlanToFollow(partition, starts) : PlanToReplay(partition, starts, bounds[partition])));
        var unread = all.Where(static progress => !progress.Done).ToList();
        open = unread.Count;
        counts.Partitions = all.Count;
        consumer.Assign(unread.Select(StartOf));
        return true;
    }

    /// <summary>Starts reading partitions that were added to the topic, from offset 0, and all of them when the topic was recreated.</summary>
    public void Extend(TopicShape topic)
    {
        if (TopicGap.IsAnother(topicId, topic.Id))
        {
            SayMadeAnew();
            all.ForEach(NoteRecreated);
            consumer.Unassign();
            all.Clear();
            open = 0;
        }

        topicId = topic.Id;
        for (var partition = all.Count; partition < topic.Leaders.Count; partition++)
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
        ReportLag(progress);
    }

    /// <summary>The client was told that a partition does not hold the offset we asked for; <see cref="Replace"/> will see to it.</summary>
    public void Misplaced(int partition) => misplaced[partition] = options.Clock.GetTimestamp();

    /// <summary>Puts misplaced partitions where their log continues, loudly.</summary>
    public void Replace()
    {
        foreach (var (partition, since) in misplaced)
        {
            if (all[partition].Done)
            {
                misplaced.Remove(partition);
            }
            else if (Monitor is not null && Monitor.Answers.TryOffsets(partition, since, out var offsets))
            {
                misplaced.Remove(partition);
                Move(all[partition], offsets.Low, offsets.High);
            }
        }
    }

    /// <summary>Asks the leaders of all unfinished partitions whether they are there and still hold what is to be read.</summary>
    /// <returns>False when one did not answer.</returns>
    public bool TryRecheck()
    {
        var unfinished = all.Where(static progress => !progress.Done).ToList();
        if (!lookup.TryOffsets([.. unfinished.Select(static progress => progress.Partition)], out var bounds))
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
            ReportLag(progress);
            Monitor?.Answers.ReadTo(progress.Partition, progress.Next);
        }
    }

    /// <summary>The unfinished partitions, when an open transaction keeps every one of them from going on; otherwise none.</summary>
    public IReadOnlyList<PartitionHealth> HeldBack()
    {
        var unfinished = all.Where(static progress => !progress.Done).ToList();
        return unfinished.TrueForAll(IsHeldBack) ? [.. unfinished.Select(progress => Monitor!.Answers.HealthOf(progress.Partition)!)] : [];
    }

    // The next record to be read is not readable yet.
    private bool IsHeldBack(PartitionProgress progress) =>
        Monitor?.Answers.HealthOf(progress.Partition) is { HeldOffsets: > 0, Held.Ticks: > 0 } health
        && health.Silence < options.SilenceLimit && progress.Next >= health.HeldFrom;

    private void ReportLag(PartitionProgress progress)
    {
        if (!progress.Done && LagOf(progress) is { } remaining)
        {
            sink.ReportLag(progress.Partition, remaining);
        }
    }

    // What lies behind an open transaction counts while it belongs to the past, and when it has been held back for too long: a
    // producer that always has one open would otherwise never let us catch up. Until a broker has answered only the client's word
    // is known, and that nothing is left is not taken from it.
    private long? LagOf(PartitionProgress progress)
    {
        if (!options.Follow)
        {
            return progress.End - progress.Next;
        }

        if (Monitor is null || !Monitor.Answers.TryOffsets(progress.Partition, 0, out var offsets))
        {
            var known = consumer.GetWatermarkOffsets(new TopicPartition(options.Connection.Topic, progress.Partition)).High.Value;
            return known > progress.Next ? known - progress.Next : null;
        }

        progress.Past = Math.Min(progress.Past, offsets.High);
        var isHeld = progress.Next < progress.Past || Monitor.Answers.HealthOf(progress.Partition)!.Held >= options.OpenTransactionWait;
        return Math.Max(0, (isHeld ? offsets.High : offsets.Readable) - progress.Next);
    }

    // Offsets of a topic that was recreated since mean nothing any more.
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
        $"{options.Connection.Topic} was recreated: it is read from its start, and what was read of the old one stays counted."));

    // What the topic that is gone held behind what was read of it nobody knows any more: a gap without a number, also of a partition read to its end.
    private void NoteRecreated(PartitionProgress progress) =>
        options.ReportLoss(new LostOffsets(progress.Partition, progress.Next, progress.Next, "the topic was deleted and created again"));

    private static PartitionProgress PlanToFollow(int partition, IReadOnlyDictionary<int, long> starts) =>
        new(partition, starts.GetValueOrDefault(partition), PartitionProgress.NoEnd);

    // The first offset is the log's own unless a checkpoint says otherwise. A checkpoint's that retention has removed is found out
    // by the client; one behind the end would look like a partition already read, so it is found out here.
    private PartitionProgress PlanToReplay(int partition, IReadOnlyDictionary<int, long> starts, PartitionOffsets bounds)
    {
        var end = options.EndsAtOpenTransaction ? bounds.Readable : bounds.High;
        var progress = new PartitionProgress(partition, starts.GetValueOrDefault(partition, bounds.Low), end);
        if (progress.Next > end)
        {
            StartAgain(progress, bounds.Low, end);
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

    // What was read before is counted; how much the old log held behind it nobody knows, so the gap has no number.
    private void StartAgain(PartitionProgress progress, long low, long high)
    {
        const string Why = "the topic was recreated or its log was cut, so it is read again from its start";
        Count(new LostOffsets(progress.Partition, high, progress.Next, Why));
        options.ReportLoss(new LostOffsets(progress.Partition, progress.Next, progress.Next, Why));
        progress.MoveTo(low);
        progress.CutTo(options.Follow ? PartitionProgress.NoEnd : high);
    }

    private void Lost(PartitionProgress progress, long from, long to, string why)
    {
        var lost = new LostOffsets(progress.Partition, from, to, why);
        Count(lost);
        options.ReportLoss(lost);
    }

    private void Count(LostOffsets lost)
    {
        counts.AddLost(lost.Count);
        say(new KafkaStatus(
            KafkaStatusKind.RecordsLost,
            $"Partition {lost.Partition} of {options.Connection.Topic} does not hold offsets {lost.From} to {lost.To - 1} any more: {lost.Reason}."));
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
