using KpiStream.Ingest.Kafka;

namespace KpiStream.Ingest.Host.Runs;

/// <summary>From what a command line names to a source that can be run.</summary>
internal static class SourceOpening
{
    private const string KafkaPrefix = "kafka:";

    public static bool IsKafka(string name) => name.StartsWith(KafkaPrefix);

    public static string TopicOf(string name) => name[KafkaPrefix.Length..];

    /// <summary>
    /// Opens the sources, to be read one after the other; null when the combination makes no sense, which has then been said on standard error.
    /// </summary>
    public static IReadOnlyList<IRecordSource>? Open(CountPlan plan, int maxRecordBytes)
    {
        if (plan.Sources.Any(IsKafka))
        {
            return OpenTopic(plan.Sources, plan.Kafka, plan.GiveUpAfter) is { } topic ? [topic] : null;
        }

        var files = FileSources.Expand(plan.Sources);
        if (FileSources.FindConflict(files, plan.PseudonymKey) is { } conflict)
        {
            Refuse(conflict);
            return null;
        }

        return FileSources.Open(files, maxRecordBytes);
    }

    /// <summary>The exit code for how a source ended; an error has then been said on standard error.</summary>
    public static int ExitCodeOf(SourceEnd end)
    {
        if (end.Kind == SourceEndKind.Stopped)
        {
            Terminal.Say("stopped before the end of the source; no figures were written.");
        }
        else if (end.Message.Length > 0)
        {
            Terminal.Say(end.Message);
        }

        return ExitCodeOf(end.Kind);
    }

    /// <summary>The exit code for how a source ended, without a word.</summary>
    public static int ExitCodeOf(SourceEndKind kind) => kind switch
    {
        SourceEndKind.Finished => ExitCode.Ok,
        SourceEndKind.Damaged or SourceEndKind.Gap => ExitCode.Damaged,
        SourceEndKind.Unavailable => ExitCode.Unavailable,
        _ => ExitCode.CheckFailed,
    };

    private static KafkaSource? OpenTopic(IReadOnlyList<string> names, KafkaAccess kafka, TimeSpan giveUpAfter)
    {
        if (names.Count > 1)
        {
            return Refuse("A Kafka topic must be the only source; replay files in a run of their own.");
        }

        if (kafka.Bootstrap is null)
        {
            return Refuse($"{names[0]} needs --bootstrap host:port.");
        }

        return TopicOf(names[0]).Length == 0
            ? Refuse("kafka: needs a topic, like kafka:cases.")
            : new KafkaSource(new KafkaSourceOptions(new KafkaConnection(kafka.Bootstrap, TopicOf(names[0])) { Properties = kafka.Properties })
            {
                Drain = kafka.Drain ?? KafkaDrains.Default,
                GiveUpAfter = giveUpAfter,
                OpenTransactionWait = kafka.OpenTransactionWait ?? new KafkaSettings().OpenTransactionWait,
                Log = Terminal.Note,
                Report = status => Terminal.Note(status.Sentence),
            });
    }

    private static KafkaSource? Refuse(string message)
    {
        Terminal.Say(message);
        return null;
    }
}
