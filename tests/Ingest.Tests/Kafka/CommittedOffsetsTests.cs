using Confluent.Kafka;

namespace KpiStream.Ingest.Tests.Kafka;

/// <summary>What other tests do not find is there to be found.</summary>
[Collection(OneBroker.OfSources)]
[Trait("Category", "Kafka")]
public sealed class CommittedOffsetsTests(OneBroker broker)
{
    [Fact]
    public async Task AGroupThatCommitted_IsFoundUnderItsTopicAlone()
    {
        var node = broker.OrSkip();
        using var topic = await KafkaTopic.CreateAsync(node.Bootstrap, 1);
        using var other = await KafkaTopic.CreateAsync(node.Bootstrap, 1);
        var group = $"group-{Guid.NewGuid():N}";
        using (var consumer = new ConsumerBuilder<Ignore, Ignore>([new("bootstrap.servers", node.Bootstrap), new("group.id", group)])
            .SetLogHandler(static (_, _) => { }).Build())
        {
            consumer.Commit([new TopicPartitionOffset(topic.Name, 0, 7)]);
        }

        Assert.Equal([group], topic.GroupsWithOffsets());
        Assert.Empty(other.GroupsWithOffsets());
    }
}
