namespace KpiStream.Ingest.Tests.Sources;

/// <summary>What a source handed over: records with their bytes, and lines that were too long with length and hash.</summary>
internal sealed class CollectingSink : IRecordSink
{
    public List<Record> Records { get; } = [];

    public int Flushes { get; private set; }

    /// <summary>Called after every record, on the source's own thread.</summary>
    public Action<int> AfterRecord { get; init; } = static _ => { };

    public void Accept(ReadOnlySpan<byte> record, SourcePosition position, long arrival) => Add(new Record(position, arrival, Convert.ToHexString(record), -1));

    public void RejectTooLarge(SourcePosition position, long arrival, long length, ReadOnlySpan<byte> sha256) =>
        Add(new Record(position, arrival, Convert.ToHexString(sha256), length));

    public void Flush() => Flushes++;

    public void ReportLag(int partition, long remaining)
    {
    }

    private void Add(Record record)
    {
        Records.Add(record);
        AfterRecord(Records.Count);
    }

    /// <param name="Hex">The record's bytes, or of one too long its hash.</param>
    /// <param name="TooLong">The length of one too long; -1 for others.</param>
    internal sealed record Record(SourcePosition Position, long Arrival, string Hex, long TooLong)
    {
        public string Text => System.Text.Encoding.UTF8.GetString(Convert.FromHexString(Hex));
    }
}
