using KpiStream.Ingest.Sources.Loads;

namespace KpiStream.Ingest.Host.Runs.Load;

/// <summary>
/// Records of several partitions until all are there, then in the merged order. Owned by one flow; bounded by <see cref="LoadStream.MostMerged"/>.
/// </summary>
/// <param name="isTaken">Whether a record will be sent, and when it passes.</param>
internal sealed class HeldRecords(HeldRecords.Judge isTaken) : IFormSink
{
    private readonly PartitionClock clock = new();
    private readonly List<(byte[] Record, RecordForm Form, SourcePosition Position, long Arrival)> records = [];
    private readonly List<long> times = [];

    /// <summary>Says whether a record will be sent, and when it passes, milliseconds.</summary>
    public delegate bool Judge(ReadOnlySpan<byte> record, RecordForm form, long arrival, out long time);

    public RecordForm Form { get; set; }

    public void Accept(ReadOnlySpan<byte> record, SourcePosition position, long arrival)
    {
        if (isTaken(record, Form, arrival, out var time))
        {
            records.Add((record.ToArray(), Form, position, arrival));
            times.Add(clock.Pass(position.Partition, time));
        }
    }

    public void RejectTooLarge(SourcePosition position, long arrival, long length, ReadOnlySpan<byte> sha256)
    {
        // What was never held cannot be sent.
    }

    public void PassTo(DecodingSink sink, CancellationToken stop)
    {
        foreach (var number in PartitionClock.Merged(times))
        {
            if (stop.IsCancellationRequested)
            {
                return;
            }

            var (record, form, position, arrival) = records[number];
            sink.Form = form;
            sink.Accept(record, position, arrival, times[number]);
        }
    }
}
