using KpiStream.Ingest.Tests.Host.Serving.Metrics;

namespace KpiStream.Ingest.Tests.EndToEnd;

/// <summary>What <c>serve</c> notes of the records it rejects: in a file and in a topic, and never a byte of them.</summary>
[Collection(OneBroker.Name)]
[Trait("Category", "Kafka")]
public sealed class ServedDeadLettersTests(OneBroker broker)
{
    // One line is longer than a test topic's records need to be; the rest has every other reason.
    private static readonly IReadOnlyList<(string Reason, byte[] Line)> Bad = [.. BadLines.All.Where(bad => bad.Reason != "too_large")];

    [Fact]
    public async Task RejectedRecords_AreNotedInTheFileAndInTheTopic()
    {
        var node = broker.OrSkip();
        using var folder = new TemporaryFolder();
        using var topic = await KafkaTopic.CreateAsync(node.Bootstrap, partitions: 1);
        var dead = $"dead-{Guid.NewGuid():N}";
        await File.WriteAllTextAsync(folder.File("kpistream.yaml"), $"dead_letters: {{topic: {dead}}}\n");
        topic.Put(0, Bad.Select(bad => Encoding.UTF8.GetString(bad.Line)));

        for (var life = 1; life <= 2; life++)
        {
            await using var serve = await ServeProcess.OverTopicAsync(folder, node.Bootstrap, topic.Name);
            await serve.UntilReadyAsync();
            await AssertMetricsAsync(serve, topic.Name);
            Assert.Equal(0, (await serve.TerminateAsync()).ExitCode);
            Assert.DoesNotContain(BadLines.Secret, serve.ToString());

            // Each life reads the log from its start and notes again what it rejects again.
            var lines = await File.ReadAllLinesAsync(folder.File("kpistream-state/dead-letters.ndjson"));
            AssertLetters($"kafka:{topic.Name}", lines, life);
            var (_, sink, _) = await Reading.ReplayAsync(new KafkaConnection(node.Bootstrap, dead));
            AssertLetters($"kafka:{topic.Name}", [.. sink.Records.Select(record => record.Text)], life);
        }
    }

    [Fact]
    public async Task RejectedToday_IsOnTheBoardByReason_AlsoWhatCameInBeforeTheStart()
    {
        var node = broker.OrSkip();
        using var folder = new TemporaryFolder();
        using var topic = await KafkaTopic.CreateAsync(node.Bootstrap, partitions: 1);
        topic.Put(0, Bad.Select(bad => Encoding.UTF8.GetString(bad.Line)));
        await using var serve = await ServeProcess.OverTopicAsync(folder, node.Bootstrap, topic.Name);
        await serve.UntilReadyAsync();
        topic.Put(0, Bad.Where(bad => bad.Reason is "malformed" or "bad_value:fee").Select(bad => Encoding.UTF8.GetString(bad.Line)));
        var frame = await serve.UntilAsync(
            "/api/v1/board", board => (long)board["trust"]!["rejectedToday"]! == Bad.Count + 4, TimeSpan.FromSeconds(60));
        Assert.Equal(
            [("malformed", null, 6), ("bad_value", "fee", 2)],
            frame["trust"]!["rejectedReasons"]!.AsArray().Take(2).Select(each => ((string)each!["reason"]!, (string?)each["key"], (int)each["count"]!)));
    }

    [Fact]
    public async Task TopicThatIsRead_CannotTakeTheLetters()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("kpistream.yaml"), "kafka: {topic: other}\ndead_letters:\n  topic: cases\n");
        var run = await KpiStreamProcess.RunInAsync(folder.Path, "serve", "--port", "0", "--bootstrap", "localhost:1", "--topic", "cases");
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("dead_letters.topic: 'cases' must be another topic than the one that is read", run.Errors);
    }

    private static async Task AssertMetricsAsync(ServeProcess serve, string topic)
    {
        var families = await MetricsPage.UntilAsync(serve, page => page.Sum("kpistream_dead_letters_written_total") == 2 * Bad.Count);
        Assert.Empty(MetricsPage.KnownFamilies.Where(static family => family.StartsWith("kpistream_source_")
            && !family.StartsWith("kpistream_source_clock")).Except(families.Families));
        Assert.Equal(0, families.Sum("kpistream_dead_letters_dropped_total"));
        Assert.Equal(0, families.Sum("kpistream_events_accepted_total"));
        Assert.Equal(0, families.Of("kpistream_source_lag_records", ("source", $"kafka:{topic}"), ("partition", "0")));
        foreach (var (reason, count) in Bad.CountBy(bad => bad.Reason))
        {
            var (kind, key) = reason.Split(':') is [var word, var about] ? (word, about) : (reason, "");
            Assert.Equal(count, families.Of("kpistream_events_rejected_total", ("source", $"kafka:{topic}"), ("reason", kind), ("key", key)));
        }
    }

    private static void AssertLetters(string source, IReadOnlyList<string> lines, int lives)
    {
        var letters = lines.Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Equal(
            Enumerable.Repeat(Bad.Select((bad, offset) => (bad.Reason, source, offset, bad.Line.Length)), lives).SelectMany(all => all),
            letters.Select(letter => ((string)letter["reason"]!, (string)letter["source"]!, (int)letter["offset"]!, (int)letter["bytes"]!)));
        Assert.All(letters, letter => Assert.NotNull(letter["arrival"]));
        Assert.DoesNotContain(lines, line => line.Contains(BadLines.Secret));
    }
}
