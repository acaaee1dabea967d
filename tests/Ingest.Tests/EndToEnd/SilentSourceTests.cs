namespace KpiStream.Ingest.Tests.EndToEnd;

/// <summary>A source that stops sending, as a server tells it: silent in office hours, also after a restart, and not missed outside of them.</summary>
public sealed class SilentSourceTests
{
    private const string Board = "/api/v1/board";

    [Fact]
    public async Task ASourceThatStops_IsSilentInOfficeHours_AlsoAfterARestart_AndIdleOutside()
    {
        using var folder = new TemporaryFolder();
        Write(folder, "00:00-24:00 every day");
        JsonNode source;
        await using (var server = await LogServer.StartAsync(folder, "--state", "state"))
        {
            await server.Serve.UntilReadyAsync();
            await server.PostAsync(CaseLines.Accepted("H33-1", "11953", DateTimeOffset.UtcNow) + "\n");
            var live = await server.Serve.UntilAsync(Board, static board => (string)board["phase"]! == "live", KpiStreamProcess.Limit);
            Assert.False((bool)live["stale"]!);
            source = await SilentAsync(server.Serve);
            Assert.Equal(0, (await server.Serve.TerminateAsync()).ExitCode);
        }

        await using (var again = await LogServer.StartAsync(folder, "--state", "state"))
        {
            Assert.Equal((string)source["lastArrival"]!, (string)(await SilentAsync(again.Serve))["lastArrival"]!);
            Assert.Equal(0, (await again.Serve.TerminateAsync()).ExitCode);
        }

        // Nobody is at work now, wherever in the day now is.
        Write(folder, DateTimeOffset.UtcNow.ToOffset(TimeSpan.FromHours(7)).Hour < 12 ? "20:00-23:00 every day" : "01:00-04:00 every day");
        await using var night = await LogServer.StartAsync(folder, "--state", "state");
        var idle = await night.Serve.UntilAsync(Board, static board => (string)board["phase"]! == "idle", KpiStreamProcess.Limit);
        Assert.False((bool)idle["stale"]!);
        Assert.StartsWith("ngoài giờ, sự kiện gần nhất ", (string)idle["sourceState"]!);
        Assert.Equal("idle", (string)idle["trust"]!["sources"]![0]!["state"]!);
    }

    private static void Write(TemporaryFolder folder, string hours) =>
        File.WriteAllText(folder.File("kpistream.yaml"), $"stale_after: 8s\noffice_hours: {hours}\n");

    /// <summary>Waits until board, API and metrics say that the one source is silent; what the API says of it.</summary>
    private static async Task<JsonNode> SilentAsync(ServeProcess serve)
    {
        var board = await serve.UntilAsync(Board, static board => (string)board["phase"]! == "silent", KpiStreamProcess.Limit);
        Assert.True((bool)board["stale"]!);
        Assert.StartsWith("nguồn im lặng, không có sự kiện từ ", (string)board["sourceState"]!);
        Assert.StartsWith("nguồn test im lặng từ ", (string)board["trust"]!["sources"]![0]!["text"]!);
        Assert.Equal("no_data", (string)board["headline"]!["arisen"]!["s"]!);
        Assert.Contains("kpistream_event_source_state{event_source=\"test\",state=\"silent\"} 1\n", await serve.Http.GetStringAsync("/metrics"));
        var source = (await serve.GetAsync("/api/v1/sources"))["sources"]![0]!;
        Assert.Equal(("test", "silent"), ((string)source["source"]!, (string)source["state"]!));
        return source;
    }
}
