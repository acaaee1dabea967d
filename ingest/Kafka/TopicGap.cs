namespace KpiStream.Ingest.Kafka;

/// <summary>
/// Whether a topic still holds what comes next by a checkpoint. What retention has removed, and what a topic recreated never had, would be missing in
/// the figures for ever.
/// </summary>
internal static class TopicGap
{
    /// <summary>Finds the first gap; null when there is none.</summary>
    /// <param name="options">Where reading is to go on.</param>
    /// <param name="topicId">The topic's id now; empty when the client cannot know it.</param>
    /// <param name="bounds">Of each partition there is, its first offset and the one that comes next.</param>
    public static SourceGap? Find(KafkaSourceOptions options, string topicId, IReadOnlyDictionary<int, (long Low, long High)> bounds)
    {
        var topic = options.Connection.Topic;
        if (IsAnother(options.StartTopicId, topicId))
        {
            return Of($"{topic} was recreated since the checkpoint (its topic id was {options.StartTopicId} and is {topicId}).", mayHoldEarlier: false);
        }

        foreach (var (partition, next) in options.StartPositions)
        {
            var (low, high) = bounds.GetValueOrDefault(partition);
            var holds = $"Partition {partition} of {topic} holds offsets {low} to {high - 1}, and {next} is what comes next by the checkpoint:";
            if (next < low)
            {
                return Of($"{holds} retention has removed what lies between.", mayHoldEarlier: false);
            }

            if (next > high)
            {
                // Without ids a topic recreated looks the same, and nothing read from the old one can be gone on with.
                var isCut = topicId.Length > 0 && topicId == options.StartTopicId;
                return Of($"{holds} {(isCut ? "its log was cut." : "the topic was recreated or its log was cut.")}", isCut);
            }
        }

        return null;
    }

    /// <summary>True when both ids are known and differ.</summary>
    public static bool IsAnother(string before, string now) => before.Length > 0 && now.Length > 0 && before != now;

    private static SourceGap Of(string what, bool mayHoldEarlier) =>
        new($"{what} Go on without with --accept-gap, or count again from the log's start with another --state folder.", mayHoldEarlier);
}
