using System.Net.Http.Json;

namespace KpiStream.Ingest.Tests.EndToEnd;

/// <summary>Retention removes what <c>serve</c> had still to read: said everywhere until somebody acknowledges it.</summary>
[Collection(OneBroker.OfFaults)]
[Trait("Category", "Kafka")]
public sealed class RetentionGapTests(OneBroker broker, ITestOutputHelper output)
{
    private const int Events = 300;

    private readonly IReadOnlyList<byte[]> lines = Streams.Generate(GenerateProfile.Ordinary, Events, seed: 6_713);

    [Fact]
    [Fault("retention gap", "retention removes what comes next after `serve`'s checkpoint, and the gap is accepted",
        "board, metrics, doctor and self-check name it across a restart, until somebody acknowledges it; the self-check never says equal")]
    public async Task AcceptedGap_IsSaidUntilAcknowledged_AndTheSelfCheckIsNeverEqual()
    {
        var node = broker.OrSkip();
        using var folder = new TemporaryFolder();
        using var topic = await KafkaTopic.CreateAsync(node.Bootstrap, 1);
        await File.WriteAllTextAsync(folder.File("kpistream.yaml"), "stale_after: 1h\n"); // three lives pass, and nothing new comes
        string[] arguments = ["--state", "state", "--self-check", "1s"];
        topic.Put(0, lines.Take(100));
        await using (var first = await ServeProcess.OverTopicAsync(folder, node.Bootstrap, topic.Name, arguments))
        {
            await first.UntilAsync("/api/v1/board", static board => (long)board["trust"]!["events"]! == 100, KpiStreamProcess.Limit);
            Assert.Equal(0, (await first.TerminateAsync()).ExitCode);
        }

        topic.Put(0, lines.Skip(100));
        await topic.DeleteBeforeAsync(0, 150);
        await using (var second = await ServeProcess.OverTopicAsync(folder, node.Bootstrap, topic.Name, [.. arguments, "--accept-gap"]))
        {
            await MustSayAsync(second, topic);
            await second.UntilAsync("/api/v1/board", static board => (string?)board["trust"]!["selfCheck"]!["verdict"] == "incomplete", KpiStreamProcess.Limit);
            output.WriteLine(second.ToString());
            Assert.Equal(0, (await second.TerminateAsync()).ExitCode);
        }

        var doctor = await KpiStreamProcess.RunInAsync(
            folder.Path, "doctor", "--bootstrap", node.Bootstrap, "--topic", topic.Name, "--state", "state", "--port", "0");
        Assert.Equal(ExitCode.Damaged, doctor.ExitCode);
        Assert.Contains("offsets 100 to 149 of partition 0", doctor.Text);

        await using var third = await ServeProcess.OverTopicAsync(folder, node.Bootstrap, topic.Name, arguments);
        await MustSayAsync(third, topic);
        using var nobody = await third.Http.PostAsJsonAsync("/api/v1/gaps/acknowledge", new { by = "" });
        Assert.Equal(400, (int)nobody.StatusCode);
        using var somebody = await third.Http.PostAsJsonAsync("/api/v1/gaps/acknowledge", new { by = "lan" });
        Assert.Equal(1, (int)JsonNode.Parse(await somebody.Content.ReadAsStringAsync())!["acknowledged"]!);
        await third.UntilAsync("/api/v1/board", static board => (string?)board["sourceState"] == "đang nhận dữ liệu", KpiStreamProcess.Limit);
        Assert.Contains($"kpistream_source_gap_offsets{{source=\"kafka:{topic.Name}\",acknowledged=\"true\"}} 50", await third.Http.GetStringAsync("/metrics"));
        var check = await third.UntilAsync(
            "/api/v1/board", static board => (string?)board["trust"]!["selfCheck"]!["verdict"] is not "pending", KpiStreamProcess.Limit);
        Assert.Equal("incomplete", (string)check["trust"]!["selfCheck"]!["verdict"]!);
    }

    private static async Task MustSayAsync(ServeProcess serve, KafkaTopic topic)
    {
        await serve.UntilReadyAsync();
        var board = await serve.UntilAsync(
            "/api/v1/board", static board => ((string)board["sourceState"]!).Contains("đã mất 50 bản ghi"), KpiStreamProcess.Limit);
        Assert.False((bool)board["stale"]!);
        Assert.Contains("offsets 100 to 149 of partition 0", await serve.Http.GetStringAsync("/health/ready"));
        Assert.Contains($"kpistream_source_gap_offsets{{source=\"kafka:{topic.Name}\",acknowledged=\"false\"}} 50",
            await serve.Http.GetStringAsync("/metrics"));
        Assert.Equal("retention has removed them", (string)(await serve.GetAsync("/api/v1/gaps")).AsArray()[0]!["reason"]!);
    }
}
