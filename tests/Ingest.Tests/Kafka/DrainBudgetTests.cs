namespace KpiStream.Ingest.Tests.Kafka;

/// <summary>Managed bytes that taking a record costs the consuming thread, against bench/budgets.json.</summary>
[Collection(OneBroker.OfSources)]
[Trait("Category", "Kafka")]
public sealed class DrainBudgetTests(OneBroker fixture, ITestOutputHelper output)
{
    private const int WarmUp = 20_000;
    private const int Measured = 100_000;

    // The last record of a partition gives the partition back, which costs objects once.
    private const int Records = WarmUp + Measured + 100;

    [Fact]
    public async Task BatchedDrain_StaysWithinItsBudget()
    {
        if (await MeasureAsync(KafkaDrain.Batched) is { } allocated)
        {
            Assert.Null(AllocationBudgets.Judge("drain.kafka", allocated, Measured));
        }
    }

    [Fact]
    public async Task StockDrain_IsSeenToAllocate()
    {
        if (await MeasureAsync(KafkaDrain.Stock) is { } allocated)
        {
            Assert.InRange(allocated / Measured, 50, 1_000);
        }
    }

    private async Task<long?> MeasureAsync(KafkaDrain drain)
    {
        using var topic = await fixture.TopicAsync(1);
        topic.Put(0, Enumerable.Range(0, Records).Select(static number => $"record {number}"));
        var meter = new AllocationMeter();

        // What is asked once a second (lag, health of partitions) allocates, but not per record: it is left out here.
        var options = new KafkaSourceOptions(topic.Connection) { Drain = drain, LagInterval = TimeSpan.FromHours(1), ProbeInterval = TimeSpan.FromHours(1) };
        var end = await new KafkaSource(options).RunAsync(meter, CancellationToken.None).WaitAsync(Reading.Limit);
        Assert.Equal(SourceEnd.Finished, end);
        Assert.Equal(Records, meter.Records);
        output.WriteLine($"{drain}: {meter.Allocated} bytes for {Measured} records");
        return meter.Allocated;
    }

    /// <summary>Reads its thread's allocations at the first record after the warm-up and <see cref="Measured"/> records later.</summary>
    private sealed class AllocationMeter : IRecordSink
    {
        private long before;

        public int Records { get; private set; }

        public long Allocated { get; private set; }

        public void Accept(ReadOnlySpan<byte> record, SourcePosition position, long arrival)
        {
            switch (Records++)
            {
                case WarmUp:
                    before = GC.GetAllocatedBytesForCurrentThread();
                    break;
                case WarmUp + Measured:
                    Allocated = GC.GetAllocatedBytesForCurrentThread() - before;
                    break;
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
