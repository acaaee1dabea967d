namespace KpiStream.Ingest.Tests.Kafka;

/// <summary>Everything that holds of a replay, with records taken through the client library's ordinary loop.</summary>
[Collection(OneBroker.OfSources)]
[Trait("Category", "Kafka")]
public sealed class StockReplayTests(OneBroker fixture, ITestOutputHelper output) : KafkaReplayTests(fixture, output)
{
    protected override KafkaDrain Drain => KafkaDrain.Stock;
}
