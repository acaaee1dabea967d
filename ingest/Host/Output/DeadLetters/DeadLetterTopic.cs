using System.Buffers;
using KpiStream.Ingest.Kafka;

namespace KpiStream.Ingest.Host.Output.DeadLetters;

/// <summary>
/// Dead letters as records of a Kafka topic, one JSON object each. The topic is looked for, and made where it is missing, when the first
/// letter comes; while the brokers are away letters are dropped and counted, and the topic is tried again every half minute.
/// </summary>
internal sealed class DeadLetterTopic(KafkaConnection connection, Action<string> say, TimeProvider time) : IDeadLetterTarget
{
    private static readonly TimeSpan OpenPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(2);

    private readonly LossReport report = new(say, $"the topic {connection.Topic}", $"See to the brokers, or change dead_letters.topic.");
    private readonly LetterText text = new();
    private readonly ArrayBufferWriter<byte> record = new();
    private KafkaNoteWriter? writer;
    private long? failedAt;

    public DeadLetterCounts Counts { get; } = new("topic");

    public bool IsUnsettled => writer is { Waiting: > 0 };

    public void Add(in NotedLetter letter)
    {
        if (!TryOpen(out var error))
        {
            Lose(1, error);
            return;
        }

        record.ResetWrittenCount();
        text.Append(in letter, record);
        if (!writer!.TryWrite(record.WrittenSpan))
        {
            Lose(1, "the brokers are slower than the letters come");
        }

        Settle();
    }

    public void Flush() => Settle();

    public void Complete()
    {
        writer?.Flush(EndPatience);
        Settle();
        if (writer is { Waiting: > 0 and var waiting })
        {
            Lose(waiting, "the brokers did not take them before the end");
        }
    }

    public void Dispose()
    {
        text.Dispose();
        writer?.Dispose();
    }

    private bool TryOpen(out string error)
    {
        error = "the brokers cannot be reached";
        if (writer is not null || (failedAt is { } moment && time.GetElapsedTime(moment) < Pause))
        {
            return writer is not null;
        }

        var target = new KafkaTarget(connection) { Partitions = 1, GiveUpAfter = OpenPatience, Clock = time };
        var opening = KafkaNoteWriter.OpenAsync(target, CancellationToken.None).GetAwaiter().GetResult();
        writer = opening.Writer;
        failedAt = writer is null ? time.GetTimestamp() : null;
        error = opening.Message;
        return writer is not null;
    }

    /// <summary>Takes over what the brokers have answered in the meantime.</summary>
    private void Settle()
    {
        if (writer is null)
        {
            return;
        }

        var (delivered, failed) = writer.TakeReports();
        if (failed > 0)
        {
            Lose(failed, writer.ErrorMessage);
        }
        else if (delivered > 0)
        {
            report.Keep();
        }

        Counts.Write(delivered);
    }

    private void Lose(long letters, string why)
    {
        Counts.Drop(letters);
        report.Lose(letters, why);
    }
}
