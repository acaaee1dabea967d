using KpiStream.Ingest.Kafka;

namespace KpiStream.Ingest.Host.Runs;

/// <summary>Produces a generated stream to a Kafka topic: the case code is the key, the record the value.</summary>
internal static class TopicTarget
{
    /// <summary>Produces everything, making the topic when it is missing; the exit code says how it went.</summary>
    public static async Task<int> WriteAsync(GeneratedRecords records, KafkaAccess access, string topic, int partitions, CancellationToken stop)
    {
        var connection = new KafkaConnection(access.Bootstrap!, topic) { Properties = access.Properties };
        var opening = await TryOpenAsync(new KafkaTarget(connection) { Partitions = partitions, Log = Terminal.Note }, stop);
        if (opening is null)
        {
            Terminal.Say("Stopped before anything was produced.");
            return ExitCode.CheckFailed;
        }

        if (opening.Writer is not { } writer)
        {
            Terminal.Say(opening.Message);
            return ExitCode.Unavailable;
        }

        using (writer)
        {
            if (WriteAll(records, writer, stop) && writer.TryFlush(stop))
            {
                return ExitCode.Ok;
            }

            Terminal.Say(stop.IsCancellationRequested ? "Stopped before everything was produced." : writer.ErrorMessage);
            return stop.IsCancellationRequested ? ExitCode.CheckFailed : ExitCode.Unavailable;
        }
    }

    /// <summary>Null when told to stop before the brokers answered.</summary>
    private static async Task<KafkaWriterOpening?> TryOpenAsync(KafkaTarget target, CancellationToken stop)
    {
        try
        {
            return await KafkaWriter.OpenAsync(target, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return null;
        }
    }

    private static bool WriteAll(GeneratedRecords records, KafkaWriter writer, CancellationToken stop)
    {
        using var progress = new ProgressLine(() => $"{records.Stream.Count:N0} events");
        while (records.MoveNext(writer.Poll, stop))
        {
            if (!writer.TryWrite(records.Stream.Key, records.Current, stop))
            {
                return false;
            }
        }

        return true;
    }
}
