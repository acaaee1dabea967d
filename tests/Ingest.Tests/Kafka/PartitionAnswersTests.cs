using KpiStream.Ingest.Tests.Simulation;

namespace KpiStream.Ingest.Tests.Kafka;

/// <summary>What a partition owes is said within the limit, whatever the client or its brokers are waiting for: nothing here waits for anything.</summary>
public sealed class PartitionAnswersTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly SimulatedClock clock = new(new DateTimeOffset(2026, 11, 26, 3, 0, 0, TimeSpan.Zero));
    private readonly KafkaSourceOptions options;
    private readonly PartitionAnswers answers;

    public PartitionAnswersTests()
    {
        options = new KafkaSourceOptions(new KafkaConnection("localhost:9092", "cases")) { Follow = true, SilenceLimit = Limit, Clock = clock };
        answers = new PartitionAnswers(clock);
    }

    [Fact]
    public void ALeaderThatDies_IsSaidAtTheLimitAfterTheLastQuestionItAnswered()
    {
        Answer(0, next: 5, readable: 5);
        Answer(1, next: 5, readable: 5);

        // The next question is answered for the other partition only, seconds later; nobody asks again meanwhile.
        var asked = clock.GetTimestamp();
        clock.Pass(TimeSpan.FromSeconds(3));
        answers.Note(0, asked, new PartitionOffsets(0, 5, 5));
        answers.NoteError(1, "Local_TimedOut: timed out");
        clock.Pass(Limit - TimeSpan.FromSeconds(3) - TimeSpan.FromMilliseconds(1));
        Assert.Null(Said());
        clock.Pass(TimeSpan.FromMilliseconds(1));
        Assert.Equal(Limit, answers.HealthOf(1)!.Silence);
        Assert.Contains("No broker has answered for partition 0, 1 of cases", Said());
        Answer(0, next: 5, readable: 5);
        Assert.Contains("No broker has answered for partition 1 of cases at localhost:9092 for more than 10 s (Local_TimedOut", Said());
        Answer(1, next: 5, readable: 5);
        Assert.Null(Said());
    }

    [Fact]
    public void APartitionNobodyEverAnsweredFor_IsSaidAtTheLimit()
    {
        answers.NoteError(0, "it has no leader");
        clock.Pass(Limit);
        Assert.Contains("it has no leader", Said());
    }

    [Fact]
    public void ABrokerThatKnowsItsOffsetsAndGivesNoRecords_IsSaidAtTheLimit()
    {
        Answer(0, next: 5, readable: 5);
        Answer(1, next: 7, readable: 9);
        for (var second = 1; second < Limit.TotalSeconds; second++)
        {
            clock.Pass(TimeSpan.FromSeconds(1));
            Answer(0, next: 5 + second, readable: 9 + second);
            Answer(1, next: 7, readable: 9 + second);
            Assert.Null(Said());
        }

        clock.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal((Limit, 11L), (answers.HealthOf(1)!.Stalled, answers.HealthOf(1)!.Unread));
        Assert.Contains("The broker of partition 1 of cases at localhost:9092 answers, but has given none of its 11 unread offsets", Said());

        // One record is life again, and so is an end that is reached.
        Answer(1, next: 8, readable: 30);
        Assert.Null(Said());
        clock.Pass(Limit);
        Answer(0, next: 5, readable: 5);
        Answer(1, next: 30, readable: 30);
        Assert.Null(Said());
    }

    [Fact]
    public void RecordsBehindAnOpenTransaction_AreNotOwed()
    {
        answers.ReadTo(0, 5);
        for (var second = 0; second <= 20; second++)
        {
            answers.Note(0, clock.GetTimestamp(), new PartitionOffsets(0, 5, 500));
            clock.Pass(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(TimeSpan.Zero, answers.HealthOf(0)!.Stalled);
        Assert.Equal((495L, TimeSpan.FromSeconds(21)), (answers.HealthOf(0)!.HeldOffsets, answers.HealthOf(0)!.Held));
        Assert.Null(Said());
    }

    [Fact]
    public void ATopicOfFewerPartitions_IsNotOwedTheOthers()
    {
        Answer(0, 5, 5);
        answers.NoteError(1, "gone");
        answers.ForgetFrom(1);
        Assert.False(answers.AnyError);
        Assert.Equal(0, Assert.Single(answers.Health).Partition);
    }

    private void Answer(int partition, long next, long readable)
    {
        answers.ReadTo(partition, next);
        answers.Note(partition, clock.GetTimestamp(), new PartitionOffsets(0, readable, readable));
    }

    private string? Said() => FollowedState.Of(options, answers.Health)?.Sentence;
}
