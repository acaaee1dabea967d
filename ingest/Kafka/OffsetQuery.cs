using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace KpiStream.Ingest.Kafka;

/// <summary>Asks the leaders of some partitions where their logs begin and end. One partition without an answer does not cost the others theirs.</summary>
internal static class OffsetQuery
{
    /// <summary>Asks once.</summary>
    /// <param name="admin">The client.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="partitions">The partitions; none is no question.</param>
    /// <param name="within">How long the brokers may take.</param>
    /// <returns>For every partition asked about its offsets, or the error.</returns>
    public static async Task<IReadOnlyDictionary<int, (PartitionOffsets Offsets, Error Error)>> AskAsync(
        IAdminClient admin, string topic, IReadOnlyCollection<int> partitions, TimeSpan within)
    {
        if (partitions.Count == 0)
        {
            return new Dictionary<int, (PartitionOffsets, Error)>();
        }

        Task<Dictionary<int, (long Offset, Error Error)>> Ask(OffsetSpec which, IsolationLevel level) =>
            AskAsync(admin, partitions.Select(
                partition => new TopicPartitionOffsetSpec { TopicPartition = new TopicPartition(topic, partition), OffsetSpec = which })
                    .ToList(), level, within);

        var answers = await Task.WhenAll(
            Ask(OffsetSpec.Earliest(), IsolationLevel.ReadUncommitted), Ask(OffsetSpec.Latest(), IsolationLevel.ReadCommitted),
            Ask(OffsetSpec.Latest(), IsolationLevel.ReadUncommitted));
        return partitions.ToDictionary(static partition => partition, partition => Combine([.. answers.Select(answer => answer[partition])]));
    }

    // The three questions are not one snapshot: a record may have come in between.
    private static (PartitionOffsets Offsets, Error Error) Combine((long Offset, Error Error)[] parts)
    {
        var error = Array.Find(parts, static part => part.Error.IsError).Error;
        var readable = parts[1].Offset;
        return (new PartitionOffsets(parts[0].Offset, readable, Math.Max(readable, parts[2].Offset)), error ?? new Error(ErrorCode.NoError));
    }

    private static async Task<Dictionary<int, (long Offset, Error Error)>> AskAsync(
        IAdminClient admin, List<TopicPartitionOffsetSpec> questions, IsolationLevel level, TimeSpan within)
    {
        try
        {
            var answer = await admin.ListOffsetsAsync(questions, new ListOffsetsOptions { RequestTimeout = within, IsolationLevel = level });
            return ByPartition(answer.ResultInfos);
        }
        catch (ListOffsetsException partial)
        {
            return ByPartition(partial.Result.ResultInfos);
        }
        catch (KafkaException failure)
        {
            return questions.ToDictionary(static question => question.TopicPartition.Partition.Value, _ => (-1L, failure.Error));
        }
    }

    private static Dictionary<int, (long Offset, Error Error)> ByPartition(IEnumerable<ListOffsetsResultInfo> answers) => answers.ToDictionary(
        static answer => answer.TopicPartitionOffsetError.Partition.Value,
        static answer => (answer.TopicPartitionOffsetError.Offset.Value, answer.TopicPartitionOffsetError.Error));
}
