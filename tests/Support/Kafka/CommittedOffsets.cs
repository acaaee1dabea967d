using System.Buffers.Binary;
using Confluent.Kafka;

namespace KpiStream.Tests.Support.Kafka;

/// <summary>
/// Which groups have committed offsets, read from the brokers' own topic of them. The admin client's way of asking has hung on a busy cluster,
/// seldom.
/// </summary>
internal static class CommittedOffsets
{
    /// <summary>The brokers' own topic; it is there from the first commit on.</summary>
    public const string Topic = "__consumer_offsets";

    // Keys of commits have one of these versions, keys of members the next one.
    private const short LastOfCommits = 1;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>The groups that have committed an offset of a topic.</summary>
    /// <param name="bootstrap">The cluster.</param>
    /// <param name="partitions">The partitions of the brokers' topic; none where nobody ever committed anything.</param>
    public static IReadOnlyList<string> Of(string bootstrap, string topic, IEnumerable<int> partitions)
    {
        var open = partitions.Select(static number => new TopicPartition(Topic, number)).ToHashSet();
        if (open.Count == 0)
        {
            return [];
        }

        using var consumer = new ConsumerBuilder<byte[], byte[]?>(
            [new("bootstrap.servers", bootstrap), new("group.id", "looks-on"), new("enable.auto.commit", "false"), new("enable.partition.eof", "true")])
            .SetLogHandler(static (_, _) => { }).Build();
        consumer.Assign(open.Select(static place => new TopicPartitionOffset(place, Offset.Beginning)));
        var groups = new HashSet<string>();
        for (var began = TimeProvider.System.GetTimestamp(); open.Count > 0;)
        {
            var read = consumer.Consume(TimeSpan.FromSeconds(1));
            if (read is { IsPartitionEOF: true })
            {
                open.Remove(read.TopicPartition);
            }
            else if (read?.Message is { Value: not null } message && TryCommit(message.Key, out var group, out var of) && of == topic)
            {
                groups.Add(group);
            }

            if (TimeProvider.System.GetElapsedTime(began) > Limit)
            {
                throw new TimeoutException($"{open.Count} partitions of {Topic} could not be read to their ends");
            }
        }

        return [.. groups];
    }

    private static bool TryCommit(ReadOnlySpan<byte> key, out string group, out string topic)
    {
        (group, topic) = ("", "");
        if (key.Length < sizeof(short) || BinaryPrimitives.ReadInt16BigEndian(key) > LastOfCommits)
        {
            return false;
        }

        key = key[sizeof(short)..];
        group = TakeText(ref key);
        topic = TakeText(ref key);
        return true;
    }

    private static string TakeText(ref ReadOnlySpan<byte> key)
    {
        var end = sizeof(short) + BinaryPrimitives.ReadInt16BigEndian(key);
        var text = Encoding.UTF8.GetString(key[sizeof(short)..end]);
        key = key[end..];
        return text;
    }
}
