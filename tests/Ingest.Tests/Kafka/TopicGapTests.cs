namespace KpiStream.Ingest.Tests.Kafka;

/// <summary>What a checkpoint's positions and topic id mean beside what the brokers say now.</summary>
public sealed class TopicGapTests
{
    private static readonly Dictionary<int, (long Low, long High)> Bounds = new() { [0] = (10, 20), [1] = (0, 5) };

    [Theory]
    [InlineData("", "")]
    [InlineData("a", "")]
    [InlineData("", "a")]
    [InlineData("a", "a")]
    public void PositionsInside_AreNoGap(string before, string now)
    {
        Assert.Null(TopicGap.Find(Options(before, (0, 10), (1, 5)), now, Bounds));
        Assert.Null(TopicGap.Find(Options(before, (0, 20)), now, Bounds));
    }

    [Fact]
    public void AnotherId_IsAGapWhereverThePositionsAre_ForEveryCheckpoint()
    {
        var gap = TopicGap.Find(Options("a", (0, 15)), "b", Bounds)!;
        Assert.Contains("was recreated", gap.Message);
        Assert.Contains("--accept-gap", gap.Message);
        Assert.False(gap.MayHoldEarlier);
    }

    [Theory]
    [InlineData("", "", false, "recreated or its log was cut")]
    [InlineData("", "a", false, "recreated or its log was cut")]
    [InlineData("a", "", false, "recreated or its log was cut")]
    [InlineData("a", "a", true, "its log was cut")]
    public void BehindTheEnd_AnEarlierPlaceHelpsOnlyWhereTheTopicIsKnownToBeTheSame(string before, string now, bool mayHoldEarlier, string said)
    {
        var gap = TopicGap.Find(Options(before, (0, 12), (1, 6)), now, Bounds)!;
        Assert.Contains(said, gap.Message);
        Assert.Equal(mayHoldEarlier, gap.MayHoldEarlier);
    }

    [Fact]
    public void APartitionThatIsGone_IsAGap() => Assert.NotNull(TopicGap.Find(Options("a", (2, 1)), "a", Bounds));

    [Fact]
    public void BeforeTheStart_IsWhatRetentionTook()
    {
        var gap = TopicGap.Find(Options("a", (0, 9)), "a", Bounds)!;
        Assert.Contains("retention has removed what lies between", gap.Message);
        Assert.False(gap.MayHoldEarlier);
    }

    private static KafkaSourceOptions Options(string topicId, params (int Partition, long Next)[] positions) => new(new KafkaConnection("127.0.0.1:1", "cases"))
    {
        StartTopicId = topicId,
        StartPositions = positions.ToDictionary(static one => one.Partition, static one => one.Next),
    };
}
