using KpiStream.Ingest.Tests.Host.Serving.Metrics;

namespace KpiStream.Ingest.Tests.Faults;

/// <summary>A wall clock that was wrong for a while leaves nothing wrong behind: windows and gauges of <c>serve</c> follow it back.</summary>
public sealed class ClockSetBackTests(ITestOutputHelper output)
{
    private const string FakeClock = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1";
    private const int Cases = 12;

    [Fact]
    [Fault("clock step", "the wall clock of a serving process is set 30 hours ahead and put right",
        "sliding windows and gauges are those of the right instant at once, and it is said in log, metrics and on the board")]
    public async Task SetAheadAndPutRight_WindowsAndGaugesFollowAtOnce()
    {
        Assert.SkipUnless(File.Exists(FakeClock), $"{FakeClock} not found (Debian: apt-get install faketime)");
        using var folder = new TemporaryFolder();
        await SetClockAsync(folder, 0);
        await File.WriteAllTextAsync(folder.File("kpistream.yaml"), "log:\n  folder: log\n");
        await using var server = await LogServer.StartUnderAsync(
            ["env", $"LD_PRELOAD={FakeClock}", $"FAKETIME_TIMESTAMP_FILE={folder.File("clock")}", "FAKETIME_CACHE_DURATION=1", "FAKETIME_DONT_FAKE_MONOTONIC=1",
                "dotnet"], folder, "log/api.key");
        var now = DateTimeOffset.UtcNow;
        Assert.Equal(Cases, (await server.PostAsync(string.Join('\n', Enumerable.Range(0, Cases).Select(number => LineOf(number, now))))).Accepted);
        await UntilAsync(server.Serve, received: Cases, dueSoon: Cases, overdue: 0);
        await SetClockAsync(folder, 30);
        await UntilAsync(server.Serve, received: 0, dueSoon: 0, overdue: Cases);
        await SetClockAsync(folder, 0);
        await UntilAsync(server.Serve, received: Cases, dueSoon: Cases, overdue: 0);

        var metrics = await MetricsPage.UntilAsync(server.Serve, static page => page.Of("kpistream_clock_set_back_total") >= 1);
        Seen.Say(output, $"put back {metrics.Of("kpistream_clock_set_back_total")} times, {Cases} cases counted");
        Assert.Contains(server.Serve.Said, static line => line.Contains(" WARN The wall clock was put back by "));
        var board = await server.Serve.GetAsync("/api/v1/board");
        Assert.Contains(board["trust"]!["notes"]!.AsArray(), static note => ((string)note!).StartsWith("đồng hồ máy chủ bị lùi "));

        // At an orderly exit the library that fakes the clock may crash itself.
        await server.Serve.KillAsync();
    }

    /// <summary>Open cases accepted just now, to be done within two hours.</summary>
    private static string LineOf(int number, DateTimeOffset now) =>
        $$"""{"source":"test","case":"c{{number}}","at":"{{Instant(now)}}","status":4,"receiving":"11953","handling":"11953","channel":"online", """
            + $$""" "accepted":"{{Instant(now)}}","due":"{{Instant(now.AddHours(2))}}"}""";

    private static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");

    private static async Task UntilAsync(ServeProcess serve, int received, int dueSoon, int overdue)
    {
        await serve.UntilAsync("/api/v1/board", board => (int)board["gauges"]!["due_soon"]! == dueSoon
            && (int)board["gauges"]!["overdue"]! == overdue, KpiStreamProcess.Limit);
        await serve.UntilAsync("/api/v1/figures?kpi=received&unit=11953&period=24h", figures => Denominator(figures) == received, KpiStreamProcess.Limit);
    }

    private static int Denominator(JsonNode figures) => (int)(figures is JsonArray rows ? rows : figures["figures"]!.AsArray())[0]!["denominator"]!;

    /// <summary>Replaced at once: the fake clock reads the file at every look.</summary>
    private static async Task SetClockAsync(TemporaryFolder folder, int hours)
    {
        await File.WriteAllTextAsync(folder.File("clock.new"), $"{hours:+0;-0;+0}h\n");
        File.Move(folder.File("clock.new"), folder.File("clock"), overwrite: true);
    }
}
