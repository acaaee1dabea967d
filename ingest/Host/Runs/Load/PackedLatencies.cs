using HdrHistogram;

namespace KpiStream.Ingest.Host.Runs.Load;

/// <summary>
/// The latencies of an interval in some hundred bytes: what several hold can be added up, and percentiles of the sum are those of all that was recorded.
/// Immutable.
/// </summary>
internal sealed class PackedLatencies
{
    private readonly byte[] steps;

    private PackedLatencies(byte[] steps) => this.steps = steps;

    /// <param name="histogram">One of <see cref="LatencyTrack.Digits"/>; may be changed afterwards.</param>
    public static PackedLatencies Of(LongHistogram histogram)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        var before = 0L;
        foreach (var (_, value, count) in HistogramCounts.Of(histogram, LatencyTrack.Digits))
        {
            writer.Write7BitEncodedInt64(value - before);
            writer.Write7BitEncodedInt64(count);
            before = value;
        }

        return new PackedLatencies(bytes.ToArray());
    }

    /// <summary>Adds what it holds to a histogram like the one it was made of.</summary>
    public void AddTo(LongHistogram sum)
    {
        using var reader = new BinaryReader(new MemoryStream(steps));
        for (var value = 0L; reader.BaseStream.Position < steps.Length;)
        {
            value += reader.Read7BitEncodedInt64();
            sum.RecordValueWithCount(value, reader.Read7BitEncodedInt64());
        }
    }
}
