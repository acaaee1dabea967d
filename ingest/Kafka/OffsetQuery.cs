namespace KpiStream.Ingest.Kafka;

/// <summary>
/// Asks the leaders of partitions where their logs begin and end, with clients of its own: on the reader's connection an answer would wait behind each fetch.
/// A call waits for the answers, for a bounded time. Any thread.
/// The admin client's <c>ListOffsets</c> would answer for many partitions at once, but one that times out now and then ends the process
/// (librdkafka issues 3663 and 4605), so it is not used where a broker may be down.
/// </summary>
/// <param name="connection">The topic.</param>
internal sealed class OffsetQuery(KafkaConnection connection) : IDisposable
{
    // The threads of one call at most: a question waits for a round trip and does nothing else.
    private const int AtOnce = 8;

    // The end of a log is the first offset of the oldest open transaction for the one, the next offset for the other.
    private readonly Lazy<InspectingClient> committed = new(() => InspectingClient.Open(connection, "read_committed"));
    private readonly Lazy<InspectingClient> all = new(() => InspectingClient.Open(connection, "read_uncommitted"));

    /// <summary>Asks once about some partitions, whatever becomes of the others.</summary>
    /// <param name="partitions">Their numbers; none is no question.</param>
    /// <param name="within">How long a broker may take for each.</param>
    /// <param name="isReadableOnly">True when what lies behind an open transaction is of no interest: one client is enough.</param>
    /// <returns>For every partition asked about its offsets, or the error.</returns>
    public IReadOnlyDictionary<int, OffsetAnswer> Ask(IReadOnlyCollection<int> partitions, TimeSpan within, bool isReadableOnly = false)
    {
        var threads = Math.Min(AtOnce, partitions.Count);
        var slices = partitions.Index().GroupBy(pair => pair.Index % threads, static pair => pair.Item).Select(slice => Task.Factory.StartNew(
            () => slice.Select(partition => (partition, Answer: isReadableOnly ? committed.Value.Ask(partition, within) : Ask(partition, within))).ToList(),
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        return slices.SelectMany(static slice => slice.GetAwaiter().GetResult()).ToDictionary(static pair => pair.partition, static pair => pair.Answer);
    }

    public OffsetAnswer Ask(int partition, TimeSpan within)
    {
        var readable = committed.Value.Ask(partition, within);
        if (readable.Error.IsError)
        {
            return readable;
        }

        // The two answers are not one snapshot: a record may have come in between.
        var end = all.Value.Ask(partition, within);
        return end.Error.IsError ? end : readable with
        {
            Offsets = readable.Offsets with { High = Math.Max(readable.Offsets.Readable, end.Offsets.High) },
        };
    }

    public void Dispose()
    {
        foreach (var client in new[] { committed, all }.Where(static client => client.IsValueCreated))
        {
            client.Value.Dispose();
        }
    }
}

/// <summary>What a broker said of a partition's log, or why it said nothing.</summary>
/// <param name="Offsets">Meaningless with an error.</param>
/// <param name="Error">No error when the offsets are known.</param>
internal readonly record struct OffsetAnswer(PartitionOffsets Offsets, Error Error)
{
    public static OffsetAnswer None(Error error) => new(default, error);
}
