namespace KpiStream.Ingest.Tests.Kafka;

/// <summary>Managed bytes that taking a record costs the consuming thread, against bench/budgets.json.</summary>
[Collection(OneBroker.OfSources)]
[Trait("Category", "Kafka")]
public sealed class DrainBudgetTests(OneBroker fixture, ITestOutputHelper output)
{
    private const int WarmUp = 20_000;
    private const int Measured = 100_000;
    private const int Window = 1_000;

    // The last record of a partition gives the partition back, which costs objects once.
    private const int Records = WarmUp + Measured + 100;

    [Fact]
    public async Task BatchedDrain_StaysWithinItsBudget()
    {
        var (allocated, records) = await MeasureAsync(KafkaDrain.Batched);
        Assert.Null(AllocationBudgets.Judge("drain.kafka", allocated, records));
    }

    [Fact]
    public async Task StockDrain_IsSeenToAllocate()
    {
        var (allocated, records) = await MeasureAsync(KafkaDrain.Stock);
        Assert.InRange(allocated / records, 50, 1_000);
    }

    private async Task<(long Allocated, int Records)> MeasureAsync(KafkaDrain drain)
    {
        using var topic = await fixture.TopicAsync(1);
        topic.Put(0, Enumerable.Range(0, Records).Select(static number => $"record {number}"));
        var meter = new AllocationMeter();

        // What is asked once a second (lag, health of partitions) allocates, but not per record: it is left out here.
        var options = new KafkaSourceOptions(topic.Connection) { Drain = drain, LagInterval = TimeSpan.FromHours(1), ProbeInterval = TimeSpan.FromHours(1) };
        var end = await new KafkaSource(options).RunAsync(meter, CancellationToken.None).WaitAsync(Reading.Limit);
        Assert.Equal(SourceEnd.Finished, end);
        Assert.Equal(Records, meter.Records);
        output.WriteLine($"{drain}: {meter.Allocated} bytes for {meter.Counted} records");
        Assert.InRange(meter.Counted, Window, Measured);
        return (meter.Allocated, meter.Counted);
    }

    /// <summary>
    /// Reads its thread's allocations after the warm-up, a window of records at a time. A collection, which other tests may cause, counts the rest of the
    /// thread's 8 KB as allocated: windows with one are left out.
    /// </summary>
    private sealed class AllocationMeter : IRecordSink
    {
        private long before;
        private int collections;

        public int Records { get; private set; }

        /// <summary>Records of the windows without a collection.</summary>
        public int Counted { get; private set; }

        public long Allocated { get; private set; }

        public void Accept(ReadOnlySpan<byte> record, SourcePosition position, long arrival)
        {
            var measured = Records++ - WarmUp;
            if (measured is < 0 or > Measured || measured % Window != 0)
            {
                return;
            }

            var (now, collected) = (GC.GetAllocatedBytesForCurrentThread(), GC.CollectionCount(0));
            if (measured > 0 && collected == collections)
            {
                Allocated += now - before;
                Counted += Window;
            }

            (before, collections) = (now, collected);
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
