namespace KpiStream.Ingest.Tests.Kafka;

[Collection(OneBroker.OfSources)]
[Trait("Category", "Kafka")]
public class KafkaReplayTests(OneBroker fixture, ITestOutputHelper output)
{
    /// <summary>What records are taken by; <see cref="StockReplayTests"/> says the same of the other one.</summary>
    protected virtual KafkaDrain Drain => KafkaDrain.Batched;

    [Fact]
    public async Task EmptyTopic_FinishesWithNothing()
    {
        using var topic = await fixture.TopicAsync(3);
        var (end, sink, _) = await ReplayAsync(topic.Connection);

        Assert.Equal(SourceEnd.Finished, end);
        Assert.Empty(sink.Records);
    }

    [Fact]
    public async Task SomePartitionsEmpty_ReadsTheOthersWithPositionsAndArrival()
    {
        var before = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        using var topic = await fixture.TopicAsync(4);
        topic.Put(1, ["a", "b"]);
        topic.Put(3, ["c"]);
        var (end, sink, _) = await ReplayAsync(topic.Connection);

        Assert.Equal(SourceEnd.Finished, end);
        Assert.Equal(["a", "b", "c"], sink.Texts);
        Assert.Equal([new(1, 0), new(1, 1), new SourcePosition(3, 0)], sink.Records.Select(r => r.Position).OrderBy(p => p.Partition).ThenBy(p => p.Offset));
        Assert.All(sink.Records, record => Assert.InRange(record.Arrival, before, before + 600_000));
        Assert.All(sink.Lag.Values, static lag => Assert.Equal(0, lag));
        Assert.True(sink.Flushes > 0);
    }

    [Fact]
    public async Task NullAndEmptyValues_TombstonesAreCountedAndEmptyOnesHandedOver()
    {
        using var topic = await fixture.TopicAsync(1);
        await topic.PutAsync(0, "a");
        await topic.PutAsync(0, null);
        await topic.PutAsync(0, "");
        await topic.PutAsync(0, null);
        var (end, sink, source) = await ReplayAsync(topic.Connection);

        Assert.Equal(SourceEnd.Finished, end);
        Assert.Equal(["", "a"], sink.Texts);
        Assert.Equal(2, source.Tombstones);
    }

    [Fact]
    public async Task RecordLargerThanTheBuffer_IsHandedOverWhole()
    {
        var large = new string('x', 500_000);
        using var topic = await fixture.TopicAsync(1);
        topic.Put(0, [large, "small"]);
        var (_, sink, _) = await ReplayAsync(topic.Connection);

        Assert.Equal(["small", large], sink.Texts);
    }

    [Fact]
    public async Task AbortedTransactionAtTheEnd_FinishesWithoutItsRecords()
    {
        using var topic = await fixture.TopicAsync(2);
        topic.PutInTransaction(0, commit: true, "a", "b");
        topic.PutInTransaction(0, commit: false, "x");
        topic.PutInTransaction(0, commit: true, "c");
        topic.PutInTransaction(0, commit: false, "y", "z");
        topic.PutInTransaction(1, commit: false, "only aborted");
        var (end, sink, _) = await ReplayAsync(topic.Connection);

        Assert.Equal(SourceEnd.Finished, end);
        Assert.Equal(["a", "b", "c"], sink.Texts);
    }

    [Fact]
    public async Task TransactionLeftOpen_IsWaitedForAndThenIsDamage()
    {
        using var topic = await fixture.TopicAsync(1);
        topic.Put(0, ["a", "b"]);
        using var open = topic.LeaveOpen(0, "undecided");
        topic.Put(0, ["behind it"]);
        var (end, sink, _) = await ReplayAsync(topic.Connection, static options => options with { OpenTransactionWait = TimeSpan.FromMilliseconds(100) });

        output.WriteLine(end.Message);
        Assert.Equal(SourceEndKind.Damaged, end.Kind);
        Assert.Contains("partition 0 from offset 2", end.Message);
        Assert.Contains("2 offsets behind it were not read", end.Message);
        Assert.Equal(["a", "b"], sink.Texts);
    }

    [Fact]
    public async Task TransactionEndsWhileItIsWaitedFor_EverythingIsRead()
    {
        using var topic = await fixture.TopicAsync(2);
        topic.Put(1, ["other partition"]);
        using var open = topic.LeaveOpen(0, "a");
        topic.Put(0, ["b"]);
        var waits = new TaskCompletionSource();
        var replay = ReplayAsync(topic.Connection, options => options with
        {
            Report = status => _ = status.Kind == KafkaStatusKind.TransactionOpen && waits.TrySetResult(),
        });
        await waits.Task.WaitAsync(Reading.Limit);
        open.CommitTransaction();
        var (end, sink, _) = await replay;

        Assert.Equal(SourceEnd.Finished, end);
        Assert.Equal(["a", "b", "other partition"], sink.Texts);
    }

    [Fact]
    public async Task TransactionLeftOpen_WhoReadsWhatIsReadableNow_EndsBeforeIt()
    {
        using var topic = await fixture.TopicAsync(1);
        topic.Put(0, ["a"]);
        using var open = topic.LeaveOpen(0, "undecided");
        var (end, sink, _) = await ReplayAsync(topic.Connection, static options => options with { EndsAtOpenTransaction = true });

        Assert.Equal(SourceEnd.Finished, end);
        Assert.Equal(["a"], sink.Texts);
    }

    [Fact]
    public async Task CompactedTopic_FinishesAcrossTheGaps()
    {
        var broker = fixture.OrSkip();
        using var topic = await KafkaTopic.CreateAsync(
            broker.Bootstrap, 1, "cleanup.policy=compact", "segment.ms=500", "min.cleanable.dirty.ratio=0.001", "min.compaction.lag.ms=0");
        using var limit = new CancellationTokenSource(Reading.Limit);
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(600));
        var written = 0;

        // A record after the segment's time rolls it; the cleaner then keeps the last value of a key. Until it has run, all are there.
        while (true)
        {
            await topic.PutAsync(0, (++written).ToString());
            var (end, sink, _) = await ReplayAsync(topic.Connection);
            Assert.Equal(SourceEnd.Finished, end);
            Assert.Contains(written.ToString(), sink.Texts);
            if (sink.Count < written)
            {
                output.WriteLine($"{sink.Count} of {written} records after compaction");
                return;
            }

            await tick.WaitForNextTickAsync(limit.Token);
        }
    }

    [Fact]
    public async Task LogStartMoved_ReadsWhatIsLeft()
    {
        using var topic = await fixture.TopicAsync(2);
        topic.Put(0, ["a", "b", "c"]);
        topic.Put(1, ["d", "e"]);
        await topic.DeleteBeforeAsync(0, 2);
        await topic.DeleteBeforeAsync(1, 2);
        var (end, sink, source) = await ReplayAsync(topic.Connection);

        Assert.Equal(SourceEnd.Finished, end);
        Assert.Equal(["c"], sink.Texts);
        Assert.Equal(0, source.LostOffsets);
    }

    [Fact]
    public async Task CheckpointPositions_AreWhereReadingStarts()
    {
        using var topic = await fixture.TopicAsync(3);
        topic.Put(0, ["a", "b", "c"]);
        topic.Put(1, ["d", "e"]);
        topic.Put(2, ["f"]);
        var (end, sink, _) = await ReplayAsync(
            topic.Connection, options => options with { StartPositions = new Dictionary<int, long> { [0] = 2, [1] = 2 } });

        Assert.Equal(SourceEnd.Finished, end);
        Assert.Equal(["c", "f"], sink.Texts);
    }

    [Theory]
    [InlineData(1, 3, 2)]
    [InlineData(9, 3, 5)]
    public async Task CheckpointPositionThatIsGone_IsLoudAndReadsWhatIsThere(long position, int deleteBefore, long lost)
    {
        using var topic = await fixture.TopicAsync(1);
        topic.Put(0, ["a", "b", "c", "d"]);
        await topic.DeleteBeforeAsync(0, deleteBefore);
        var said = new List<string>();
        var (end, sink, source) = await ReplayAsync(topic.Connection, options => options with
        {
            StartPositions = new Dictionary<int, long> { [0] = position },
            Report = status => said.Add($"{status.Kind}: {status.Sentence}"),
        });

        Assert.Equal(SourceEnd.Finished, end);
        Assert.Equal(["d"], sink.Texts);
        Assert.Equal(lost, source.LostOffsets);
        Assert.Contains(said, static line => line.StartsWith("RecordsLost: Partition 0"));
    }

    [Fact]
    public async Task RecordsAddedMeanwhile_AreNotPartOfTheReplay()
    {
        using var topic = await fixture.TopicAsync(2);
        topic.Put(0, Enumerable.Range(0, 1000).Select(static i => $"a{i}"));
        var (end, sink, _) = await ReplayAsync(topic.Connection, options => options with
        {
            // The bounds are known when the source says that it reads.
            Report = status =>
            {
                if (status.Kind == KafkaStatusKind.Reading)
                {
                    topic.Put(0, ["late"]);
                    topic.Put(1, ["late"]);
                }
            },
        });

        Assert.Equal(SourceEnd.Finished, end);
        Assert.Equal(1000, sink.Count);
        Assert.DoesNotContain("late", sink.Texts);
    }

    [Fact]
    public async Task ManyRecordsAndTombstones_KeepTheOrderOfTheirPartition()
    {
        const int Records = 3_000;
        using var topic = await fixture.TopicAsync(2);
        foreach (var part in Enumerable.Range(0, Records).Chunk(1_000))
        {
            topic.Put(0, part.Select(static number => $"{number}"));
            await topic.PutAsync(0, null);
            topic.Put(1, part.Select(static number => $"{number}"));
        }

        var (end, sink, source) = await ReplayAsync(topic.Connection);

        Assert.Equal(SourceEnd.Finished, end);
        Assert.Equal(3, source.Tombstones);
        Assert.All(sink.Records.GroupBy(static record => record.Position.Partition), static partition =>
        {
            Assert.Equal(Enumerable.Range(0, Records).Select(static number => $"{number}"), partition.Select(static record => record.Text));
            Assert.Equal(partition.Select(static record => record.Position.Offset).Order(), partition.Select(static record => record.Position.Offset));
        });
    }

    [Fact]
    public async Task SinkThrowsAmongRecords_TheClientIsClosedAndTheExceptionSeen()
    {
        using var topic = await fixture.TopicAsync(1);
        topic.Put(0, Enumerable.Range(0, 2_000).Select(static number => $"{number}"));
        var source = new KafkaSource(new KafkaSourceOptions(topic.Connection) { Drain = Drain });
        var reading = source.RunAsync(new FailingSink(700), CancellationToken.None).WaitAsync(Reading.Limit);

        Assert.Equal("record 700", (await Assert.ThrowsAsync<InvalidDataException>(() => reading)).Message);
    }

    private Task<(SourceEnd End, CollectingSink Sink, KafkaSource Source)> ReplayAsync(
        KafkaConnection connection, Func<KafkaSourceOptions, KafkaSourceOptions>? change = null) =>
        Reading.ReplayAsync(connection, options => (change is null ? options : change(options)) with { Drain = Drain });

    /// <summary>A sink with a bug.</summary>
    private sealed class FailingSink(int last) : IRecordSink
    {
        private int records;

        public void Accept(ReadOnlySpan<byte> record, SourcePosition position, long arrival)
        {
            if (++records == last)
            {
                throw new InvalidDataException($"record {records}");
            }
        }

        public void RejectTooLarge(SourcePosition position, long arrival, long length, ReadOnlySpan<byte> sha256) => throw new NotSupportedException();

        public void Flush()
        {
        }

        public void ReportLag(int partition, long remaining)
        {
        }
    }
}
