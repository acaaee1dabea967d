using System.Runtime.CompilerServices;
using KpiStream.Ingest.Kafka;
using KpiStream.Ingest.Kafka.Native;

namespace KpiStream.Ingest.Host.Doctor;

/// <summary>The native client, the brokers, the topic, and whether it still holds what comes next after the newest checkpoint.</summary>
internal static class TopicCheck
{
    private const string Check = "topic";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static async IAsyncEnumerable<Finding> LookAsync(KafkaSettings kafka, CheckpointHead? newest, [EnumeratorCancellation] CancellationToken stop)
    {
        var native = NativeClient.State;
        yield return native.Loaded ? Finding.Ok("client", native.Message) : Finding.Problem("client", native.Message, ExitCode.Unavailable);
        if (!native.Loaded)
        {
            yield break;
        }

        var picture = await TopicInspector.TakeAsync(new KafkaConnection(kafka.Bootstrap, kafka.Topic) { Properties = kafka.Properties }, Patience, stop);
        foreach (var broker in picture.UnresolvedBrokers)
        {
            yield return Finding.Problem(
                "broker", $"{broker} advertises a name that this machine cannot resolve: set the broker's advertised.listeners to a name or address that "
                + "clients can reach, or put the name into DNS or /etc/hosts here.", ExitCode.Unavailable);
        }

        if (picture.Error.Length > 0)
        {
            yield return Finding.Problem("broker", picture.Error, ExitCode.Unavailable);
            yield break;
        }

        yield return Finding.Ok("broker", $"{kafka.Bootstrap} answers");
        yield return Finding.Ok(Check, $"{kafka.Topic} has {picture.Partitions.Count} partitions with "
            + $"{picture.Partitions.Values.Sum(part => part.High - part.Low):N0} offsets");
        foreach (var finding in Retention(kafka.Topic, picture, newest).Concat(Settings(kafka.Topic, picture.Settings)))
        {
            yield return finding;
        }
    }

    /// <summary>What lies between checkpoint and log is lost for ever; what lies before the log is lost for a rebuild.</summary>
    private static IEnumerable<Finding> Retention(string topic, TopicSnapshot picture, CheckpointHead? newest)
    {
        foreach (var (partition, next) in newest?.Sources.SelectMany(source => source.Places.Parts).Select(part => (part.Part, part.Next)) ?? [])
        {
            var (low, high) = picture.Partitions.GetValueOrDefault(partition);
            if (next < low || next > high)
            {
                yield return Finding.Problem(
                    "retention", $"partition {partition} of {topic} holds offsets {low} to {high - 1}, and {next} is what comes next by the newest checkpoint: "
                    + "bring back the log, or start with --accept-gap and know what is missing.", ExitCode.Damaged);
            }
        }

        var cut = picture.Partitions.Where(part => part.Value.Low > 0).Select(part => part.Key).Order().ToList();
        if (cut.Count > 0)
        {
            yield return Finding.Warning("retention", $"partitions {string.Join(", ", cut.Take(20))} of {topic} have lost their beginning: figures before it "
                + "live in checkpoints alone and cannot be counted again; keep copies of the --state folder.");
        }
    }

    private static IEnumerable<Finding> Settings(string topic, IReadOnlyDictionary<string, string>? settings)
    {
        if (settings is null)
        {
            yield return Finding.Warning(Check,
                $"this user may not ask how long {topic} keeps records: grant DescribeConfigs, or ask its administrator for cleanup.policy and retention.ms.");
            yield break;
        }

        yield return settings.GetValueOrDefault("cleanup.policy", "").Contains("compact")
            ? Finding.Problem(Check, $"{topic} is compacted: of a case's partial updates only the last stays, and a rebuild gives other figures; set "
                + "cleanup.policy=delete.", ExitCode.CheckFailed)
            : Finding.Ok(Check, "is not compacted");
        var isForEver = settings.GetValueOrDefault("retention.ms") == "-1" && settings.GetValueOrDefault("retention.bytes") == "-1";
        yield return isForEver
            ? Finding.Ok("retention", "for ever")
            : Finding.Warning("retention", $"{topic} keeps records for {Days(settings.GetValueOrDefault("retention.ms"))} "
                + $"(retention.bytes={settings.GetValueOrDefault("retention.bytes")}): a rebuild needs them all; set both to -1, or keep a recording.");
    }

    private static string Days(string? millis) => long.TryParse(millis, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var time)
        ? time < 0 ? "ever" : $"{TimeSpan.FromMilliseconds(time).TotalDays:0.#} days"
        : "an unknown time";
}
