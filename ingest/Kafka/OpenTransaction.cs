namespace KpiStream.Ingest.Kafka;

/// <summary>Says what an open transaction means and what to do about it. Numbers that grow are left out, so that the same state is the same sentence.</summary>
internal static class OpenTransaction
{
    private const string Remedy = "let its producer end it, or end it with 'kafka-transactions.sh find-hanging' and 'abort'";

    public static KafkaStatus Waiting(KafkaSourceOptions options, IReadOnlyList<PartitionHealth> held) => new(
        KafkaStatusKind.TransactionOpen, $"{Where(options, held)}: waiting up to {options.OpenTransactionWait.TotalSeconds:0} s for its end.");

    /// <summary>For a source that follows and has waited.</summary>
    public static KafkaStatus HoldsBack(KafkaSourceOptions options, IReadOnlyList<PartitionHealth> held) => new(
        KafkaStatusKind.TransactionOpen, $"{Where(options, held)} and has been open for more than {options.OpenTransactionWait.TotalSeconds:0} s: "
            + $"{Remedy}. Figures lack what lies behind it until then.");

    /// <summary>For a replay that has waited.</summary>
    public static string NotEnded(KafkaSourceOptions options, IReadOnlyList<PartitionHealth> held) =>
        $"{Where(options, held)} and was still open after {options.OpenTransactionWait.TotalSeconds:0} s; "
            + $"{held.Sum(static partition => partition.HeldOffsets)} offsets behind it were not read: "
            + $"{Remedy}, or wait longer with --open-transaction-wait (kafka.open_transaction_wait).";

    private static string Where(KafkaSourceOptions options, IReadOnlyList<PartitionHealth> held) =>
        $"A transaction holds back {options.Connection.Topic} at {options.Connection.Bootstrap} ("
            + $"{string.Join(", ", held.Take(10).Select(static one => $"partition {one.Partition} from offset {one.HeldFrom}"))})";
}
