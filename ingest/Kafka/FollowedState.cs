namespace KpiStream.Ingest.Kafka;

/// <summary>Judges what is known of the partitions of a topic that is followed. Pure.</summary>
internal static class FollowedState
{
    /// <summary>What is wrong with some partition; null when each is answered for and can be read.</summary>
    public static KafkaStatus? Of(KafkaSourceOptions options, IReadOnlyList<PartitionHealth> partitions)
    {
        var silent = partitions.Where(partition => partition.Silence >= options.SilenceLimit).ToList();
        if (silent.Count > 0)
        {
            return new KafkaStatus(KafkaStatusKind.PartitionSilent, Silent(options, silent));
        }

        var stalled = partitions.Where(partition => partition.Stalled >= options.SilenceLimit).ToList();
        if (stalled.Count > 0)
        {
            return new KafkaStatus(KafkaStatusKind.PartitionSilent, Stalled(options, stalled));
        }

        var held = partitions.Where(partition => partition.HeldOffsets > 0 && partition.Held >= options.OpenTransactionWait).ToList();
        return held.Count > 0 ? OpenTransaction.HoldsBack(options, held) : null;
    }

    private static string Stalled(KafkaSourceOptions options, List<PartitionHealth> stalled) =>
        $"The broker of partition {Named(stalled)} of {options.Connection.Topic} at {options.Connection.Bootstrap} answers, but has given none of its "
            + $"{stalled.Sum(static partition => partition.Unread)} "
        + $"unread offsets for more than {options.SilenceLimit.TotalSeconds:0} s: check the log of that broker; figures lack them until then.";

    private static string Named(List<PartitionHealth> partitions) => string.Join(", ", partitions.Take(10).Select(static partition => partition.Partition));

    private static string Silent(KafkaSourceOptions options, List<PartitionHealth> silent)
    {
        var reasons = silent.Select(static partition => partition.Error).Where(static error => error.Length > 0).Distinct().Order()
            .FirstOrDefault() ?? "no answer";
        return $"No broker has answered for partition {Named(silent)} of {options.Connection.Topic} at {options.Connection.Bootstrap} for more than "
            + $"{options.SilenceLimit.TotalSeconds:0} s ({reasons}): "
            + "check the broker that holds it; figures lack what it gets until then.";
    }
}
