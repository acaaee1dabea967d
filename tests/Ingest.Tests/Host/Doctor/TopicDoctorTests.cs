using KpiStream.Ingest.Host.Doctor;
using static KpiStream.Ingest.Tests.Host.Doctor.DoctorTests;

namespace KpiStream.Ingest.Tests.Host.Doctor;

/// <summary>What <c>doctor</c> tells of a topic, before a real broker.</summary>
[Collection(OneBroker.Name)]
[Trait("Category", "Kafka")]
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class TopicDoctorTests(OneBroker broker)
{
    [Fact]
    public async Task ATopic_ForEverCompactedShortLivedOrGone_IsToldApart()
    {
        var node = broker.OrSkip();
        using (var good = await KafkaTopic.CreateAsync(node.Bootstrap, 2, "retention.ms=-1", "retention.bytes=-1"))
        {
            Must(Health.Ok, "for ever", await LookAsync(node, good.Name));
        }

        using (var compacted = await KafkaTopic.CreateAsync(node.Bootstrap, 1, "cleanup.policy=compact"))
        {
            Must(Health.Problem, "is compacted", await LookAsync(node, compacted.Name));
        }

        using (var week = await KafkaTopic.CreateAsync(node.Bootstrap, 1, "retention.ms=604800000"))
        {
            Must(Health.Warning, "keeps records for 7 days", await LookAsync(node, week.Name));
        }

        Must(Health.Problem, "create the topic or correct its name", await LookAsync(node, "not-there"));
    }

    [Fact]
    public async Task ABrokerWhoseAdvertisedNameIsUnknownHere_IsNamed_WithWhatToDo()
    {
        var node = broker.OrSkip();
        using var topic = await KafkaTopic.CreateAsync(node.Bootstrap, 1);
        var findings = await LookAtAsync(node.UnresolvableBootstrap, topic.Name);

        Must(Health.Problem, "no-such-host.invalid", findings);
        Must(Health.Problem, "advertised.listeners", findings);
    }

    [Fact]
    public async Task ACheckpointThatTheTopicDoesNotHoldAnyMore_IsAProblem_AndALostBeginningAWarning()
    {
        var node = broker.OrSkip();
        using var topic = await KafkaTopic.CreateAsync(node.Bootstrap, 1, "retention.ms=-1", "retention.bytes=-1");
        topic.Put(0, Enumerable.Range(0, 10).Select(number => $"{{\"n\":{number}}}"));
        Must(Health.Ok, "10 offsets", await LookAsync(node, topic.Name, next: 10));
        Must(Health.Problem, "--accept-gap", await LookAsync(node, topic.Name, next: 11));
        await topic.DeleteBeforeAsync(0, 4);
        Must(Health.Warning, "have lost their beginning", await LookAsync(node, topic.Name, next: 4));
        Must(Health.Problem, "--accept-gap", await LookAsync(node, topic.Name, next: 3));
    }

    [Fact]
    public async Task APropertyNobodyKnowsOrThatIsOurs_IsAProblemWithWhatToDo()
    {
        var node = broker.OrSkip();
        Must(Health.Problem, "correct or remove that property", await LookAsync(node, "any", properties: new() { ["no.such.property"] = "1" }));
        Must(Health.Problem, "remove it", await LookAsync(node, "any", properties: new() { ["isolation.level"] = "read_uncommitted" }));
    }

    private static Task<List<Finding>> LookAsync(KafkaBroker node, string topic, long? next = null, Dictionary<string, string>? properties = null) =>
        LookAtAsync(node.Bootstrap, topic, next, properties);

    private static async Task<List<Finding>> LookAtAsync(string bootstrap, string topic, long? next = null, Dictionary<string, string>? properties = null)
    {
        var settings = new KafkaSettings { Bootstrap = bootstrap, Topic = topic, Properties = properties ?? [] };
        var findings = new List<Finding>();
        await foreach (var finding in TopicCheck.LookAsync(settings, next is { } offset ? Head(offset) : null, CancellationToken.None))
        {
            findings.Add(finding);
        }

        return findings;
    }

    private static CheckpointHead Head(long next) => new()
    {
        MadeAt = 0,
        Terms = new CheckpointTerms("", "", "", "", "", ""),
        Shards = 1,
        Sources = [new SavedSource("kafka:any", new SourcePlaces([new SourcePlace(0, next)]),
            new SavedIntake(0, 0, 0, 0, 0, 0, false, new Dictionary<string, long>(), new Dictionary<string, long>()))],
        Cases = 0,
        Applied = 0,
        Duplicates = 0,
        GreatestAt = 0,
    };
}
