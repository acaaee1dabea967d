using System.Globalization;
using KpiStream.Ingest.Host.State;
using KpiStream.Ingest.Kafka;

namespace KpiStream.Ingest.Host.Serving.Metrics;

/// <summary>What the brokers say of each partition of the topic that is followed.</summary>
internal static class TopicMetrics
{
    public static void WriteTo(PrometheusText text, KafkaSource source, GapRegister gaps)
    {
        var partitions = source.Health;
        text.Gauge("kpistream_source_partition_silence_seconds", "How long ago the partition's broker last answered.");
        Each(text, source, partitions, static partition => partition.Silence.TotalSeconds);
        text.Gauge("kpistream_source_partition_error", "1 while the last question about the partition has no answer.");
        Each(text, source, partitions, static partition => partition.Error.Length > 0 ? 1 : 0);
        text.Gauge("kpistream_source_held_offsets", "Offsets that an open transaction keeps from being read.");
        Each(text, source, partitions, static partition => partition.HeldOffsets);
        text.Gauge("kpistream_source_held_seconds", "For how long the transaction in front has been seen open.");
        Each(text, source, partitions, static partition => partition.Held.TotalSeconds);
        text.Gauge("kpistream_source_stalled_seconds", "For how long the partition's broker has answered and given no record although there were some.");
        Each(text, source, partitions, static partition => partition.Stalled.TotalSeconds);
        text.Counter("kpistream_source_lost_offsets_total", "Offsets that were to be read and did not exist any more.")
            .Sample(source.LostOffsets, ("source", source.Name));
        text.Gauge("kpistream_source_gap_offsets", "Offsets that were never read and are gone, by whether somebody has acknowledged it.");
        var open = gaps.Open.Sum(static gap => gap.To - gap.From);
        text.Sample(open, ("source", source.Name), ("acknowledged", "false"));
        text.Sample(gaps.All.Sum(static gap => gap.To - gap.From) - open, ("source", source.Name), ("acknowledged", "true"));
    }

    private static void Each(PrometheusText text, KafkaSource source, IReadOnlyList<PartitionHealth> partitions, Func<PartitionHealth, double> value)
    {
        foreach (var partition in partitions)
        {
            text.Sample(value(partition), ("source", source.Name), ("partition", partition.Partition.ToString(CultureInfo.InvariantCulture)));
        }
    }
}
