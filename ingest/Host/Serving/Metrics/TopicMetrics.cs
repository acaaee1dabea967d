using System.Diagnostics.Metrics;
using KpiStream.Ingest.Host.State;
using KpiStream.Ingest.Kafka;
using static KpiStream.Ingest.Host.Serving.Metrics.MeterFamilies;

namespace KpiStream.Ingest.Host.Serving.Metrics;

/// <summary>What the brokers say of each partition of the topic that is followed.</summary>
internal static class TopicMetrics
{
    public static void AddTo(Meter meter, KafkaSource source, GapRegister gaps)
    {
        void Each(string name, string help, Func<PartitionHealth, double> value) => meter.Gauge(name, help, () => source.Health.Select(partition => Sample(
            value(partition), ("source", source.Name), ("partition", partition.Partition.ToString()))));

        Each("kpistream_source_partition_silence_seconds", "How long ago the partition's broker last answered.",
            static partition => partition.Silence.TotalSeconds);
        Each("kpistream_source_partition_error", "1 while the last question about the partition has no answer.",
            static partition => partition.Error.Length > 0 ? 1 : 0);
        Each("kpistream_source_held_offsets", "Offsets that an open transaction keeps from being read.", static partition => partition.HeldOffsets);
        Each("kpistream_source_held_seconds", "For how long the transaction in front has been seen open.", static partition => partition.Held.TotalSeconds);
        Each("kpistream_source_stalled_seconds", "For how long the partition's broker has answered and given no record although there were some.",
            static partition => partition.Stalled.TotalSeconds);
        meter.Counter("kpistream_source_lost_offsets_total", "Offsets that were to be read and did not exist any more.",
            () => [Sample(source.LostOffsets, ("source", source.Name))]);
        GapMetrics.AddTo(meter, source.Name, gaps);
    }
}
