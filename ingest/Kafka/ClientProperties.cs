using System.Globalization;

namespace KpiStream.Ingest.Kafka;

/// <summary>
/// The properties handed to the native client: what was configured, our defaults below it, and the few on which exactness hangs
/// above it. A property of the last group is refused rather than silently ignored.
/// </summary>
internal static class ClientProperties
{
    // Bytes.
    private const string LeastFetch = "2097152";

    private static readonly Dictionary<string, string> ReaderOwned = new()
    {
        // Positions live in checkpoints; a commit would only pretend that somebody relies on it.
        ["enable.auto.commit"] = "false",
        ["enable.auto.offset.store"] = "false",

        // The last offsets of a partition may be control records or compacted away: only this event says that the end is reached.
        ["enable.partition.eof"] = "true",

        // A record of an aborted transaction was never published.
        ["isolation.level"] = "read_committed",

        // A position that does not exist any more must be loud, not quietly replaced.
        ["auto.offset.reset"] = "error",

        // Asking for a topic must not make it.
        ["allow.auto.create.topics"] = "false",

        // The topic is known and headers are not read: a string and a list less per record.
        ["dotnet.consumer.consume.result.fields"] = "timestamp",
    };

    private static readonly Dictionary<string, string> WriterOwned = new()
    {
        // Retries after a lost answer must neither double nor reorder what a case says.
        ["enable.idempotence"] = "true",
        ["dotnet.producer.enable.delivery.reports"] = "true",

        // The writing thread asks for the reports itself: one thread less, and errors are seen where they matter.
        ["dotnet.producer.enable.background.poll"] = "false",
        ["dotnet.producer.delivery.report.fields"] = "none",
    };

    // Other names of the same things.
    private static readonly string[] Elsewhere =
    [
        "bootstrap.servers", "metadata.broker.list", "auto.commit.enable", "log_cb", "error_cb", "log.queue", "transactional.id",
    ];

    /// <summary>Puts together a reader's properties.</summary>
    /// <param name="connection">The cluster and the configured properties.</param>
    /// <param name="result">The properties, when there is no error.</param>
    /// <returns>A sentence when a property may not be configured, otherwise null.</returns>
    public static string? ForReader(KafkaConnection connection, out Dictionary<string, string> result)
    {
        result = new()
        {
            ["client.id"] = "kpistream",

            // The client insists on a group; nothing is committed and no group is joined, so a name of one's own disturbs nobody.
            ["group.id"] = $"kpistream-{Guid.NewGuid():N}",

            // A fetch brings up to 2 MiB (1 of each partition and 50 in all by default). What one answer holds is taken while it is in the cache and before
            // the next is read, so that the two threads seldom meet in the C library's heap: of 2 MiB a record costs the client a third to a half of what it
            // costs of 16 (bench/results/2026-11-28.md).
            ["max.partition.fetch.bytes"] = "2097152",
            ["fetch.max.bytes"] = LeastFetch,

            // The client stops fetching when either bound of its queue is passed. Ordinary records are bounded by bytes; the bound on
            // records is for small ones, each of which costs the client its bookkeeping besides. What may be held is either bound,
            // passed by one answer of each broker at most. It resumes 5 ms later (1 s by default), so the queue bridges a round trip.
            ["queued.min.messages"] = "250000",
            ["queued.max.messages.kbytes"] = "65536",
            ["fetch.queue.backoff.ms"] = "5",

            // A byte that a disk has turned must not become a figure. Not measurable beside the rest; off by default.
            ["check.crcs"] = "true",

            // fetch.min.bytes (1) and fetch.wait.max.ms (500) stay: a consumer that catches up gets full answers anyway, and a wallboard's
            // event leaves the broker when it comes.

            // Leader changes and restarts are found out within a moment instead of half a second and ten seconds.
            ["fetch.error.backoff.ms"] = "100",
            ["reconnect.backoff.max.ms"] = "2000",
        };
        var refused = Merge(connection, ReaderOwned, result);
        MakeRoom(result);
        return refused;
    }

    /// <summary>Puts together a writer's properties; the contract is that of <see cref="ForReader"/>.</summary>
    public static string? ForWriter(KafkaConnection connection, out Dictionary<string, string> result)
    {
        result = new()
        {
            ["client.id"] = "kpistream",

            // Generated events come in a rush: wait a little for full batches.
            ["linger.ms"] = "20",
            ["batch.size"] = "1000000",

            // The partition that a Java producer would choose for the same key.
            ["partitioner"] = "murmur2_random",

            // A record that no broker takes within a minute will not be taken: say so (5 minutes by default).
            ["message.timeout.ms"] = "60000",
            ["reconnect.backoff.max.ms"] = "2000",
        };
        return Merge(connection, WriterOwned, result);
    }

    /// <summary>Puts together the properties of a writer that never waits; the contract is that of <see cref="ForReader"/>.</summary>
    public static string? ForNotes(KafkaConnection connection, out Dictionary<string, string> result)
    {
        var refused = ForWriter(connection, out result);

        // What the client holds is what may be lost, and memory: a few seconds of notes, and half a minute of trying.
        result["queue.buffering.max.messages"] = "10000";
        result["queue.buffering.max.kbytes"] = "8192";
        result["message.timeout.ms"] = "30000";
        return refused;
    }

    // The client refuses a fetch that is smaller than the greatest message it is told of.
    private static void MakeRoom(Dictionary<string, string> properties)
    {
        if (properties["fetch.max.bytes"] == LeastFetch && long.TryParse(properties.GetValueOrDefault("message.max.bytes"), out var greatest)
            && greatest > long.Parse(LeastFetch, CultureInfo.InvariantCulture))
        {
            properties["fetch.max.bytes"] = properties["message.max.bytes"];
        }
    }

    private static string? Merge(KafkaConnection connection, Dictionary<string, string> owned, Dictionary<string, string> result)
    {
        foreach (var (name, value) in connection.Properties)
        {
            if (owned.TryGetValue(name, out var ours) || Array.IndexOf(Elsewhere, name) >= 0)
            {
                return ours is null
                    ? $"The Kafka property '{name}' cannot be configured: KpiStream sets it from its own options; remove it."
                    : $"The Kafka property '{name}' cannot be configured: KpiStream needs it to be '{ours}' for its figures to be exact; remove it.";
            }

            result[name] = value;
        }

        foreach (var (name, value) in owned)
        {
            result[name] = value;
        }

        result["bootstrap.servers"] = connection.Bootstrap;
        return null;
    }
}
