using System.Collections.Concurrent;

namespace KpiStream.Ingest.Kafka;

/// <summary>
/// What brokers have answered about the partitions of a topic, and since when they owe something. Everything is measured from the question and read off
/// the clock
/// when somebody looks, so that no thread which waits for a broker can keep it from being said. Any thread. Bounded by the topic's partitions.
/// </summary>
internal sealed class PartitionAnswers(TimeProvider clock)
{
    private readonly ConcurrentDictionary<int, Answer> answers = [];
    private readonly ConcurrentDictionary<int, long> read = [];
    private readonly long opened = clock.GetTimestamp();

    /// <summary>Every partition that is known of, in order.</summary>
    public IReadOnlyList<PartitionHealth> Health => [.. answers.Values.OrderBy(static answer => answer.Partition).Select(HealthOf)];

    /// <summary>True while the last question about some partition has no answer.</summary>
    public bool AnyError => answers.Values.Any(static answer => answer.Error.Length > 0);

    public PartitionHealth? HealthOf(int partition) => answers.TryGetValue(partition, out var answer) ? HealthOf(answer) : null;

    /// <summary>What was answered to a question asked after an instant of the clock.</summary>
    public bool TryOffsets(int partition, long askedAfter, out PartitionOffsets offsets)
    {
        var isKnown = answers.TryGetValue(partition, out var answer) && answer.IsAnswered && answer.AskedAt >= askedAfter;
        offsets = isKnown ? answer!.Offsets : default;
        return isKnown;
    }

    /// <summary>The next offset to be read of a partition. Called by the consuming thread, as often as the lag is reported.</summary>
    public void ReadTo(int partition, long next) => read[partition] = next;

    /// <summary>A leader answered about a partition.</summary>
    /// <param name="partition">Its number.</param>
    /// <param name="asked">When it was asked.</param>
    /// <param name="offsets">The answer.</param>
    public void Note(int partition, long asked, PartitionOffsets offsets)
    {
        var (before, now) = (Before(partition), clock.GetTimestamp());
        var next = read.GetValueOrDefault(partition, -1);
        answers[partition] = new Answer(partition, asked, offsets, HeldSince(before, offsets, now), next, StalledSince(before, offsets, next, now), "",
            IsAnswered: true);
    }

    /// <summary>Nobody answered about a partition.</summary>
    public void NoteError(int partition, string error) => answers[partition] = Before(partition) with { Error = error };

    /// <summary>A topic that was recreated may have fewer partitions.</summary>
    public void ForgetFrom(int partitions)
    {
        foreach (var partition in answers.Keys.Where(partition => partition >= partitions))
        {
            answers.TryRemove(partition, out _);
            read.TryRemove(partition, out _);
        }
    }

    private Answer Before(int partition) => answers.GetValueOrDefault(partition)
        ?? new Answer(partition, opened, default, null, -1, null, "", IsAnswered: false);

    private PartitionHealth HealthOf(Answer answer) => new(
        answer.Partition, clock.GetElapsedTime(answer.AskedAt), Since(answer.HeldSince), answer.Offsets.High - answer.Offsets.Readable,
        answer.Offsets.Readable, answer.Error)
    {
        Stalled = Since(answer.StalledSince),
        Unread = answer.StalledSince is null ? 0 : answer.Offsets.Readable - answer.Next,
    };

    private TimeSpan Since(long? instant) => instant is { } begun ? clock.GetElapsedTime(begun) : TimeSpan.Zero;

    // The same first offset is the same transaction.
    private static long? HeldSince(Answer before, PartitionOffsets offsets, long now) =>
        offsets.Readable >= offsets.High ? null : before.Offsets.Readable == offsets.Readable ? before.HeldSince ?? now : now;

    // There is something to read, and nothing was read since the answer before: a broker may know its offsets and give no records.
    private static long? StalledSince(Answer before, PartitionOffsets offsets, long next, long now) =>
        next < 0 || next >= offsets.Readable ? null : before.Next == next ? before.StalledSince ?? now : now;

    private sealed record Answer(int Partition, long AskedAt, PartitionOffsets Offsets, long? HeldSince, long Next, long? StalledSince,
        string Error, bool IsAnswered);
}
