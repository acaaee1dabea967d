using System.Diagnostics.Metrics;
using KpiStream.Ingest.Host.Serving.Metrics;

namespace KpiStream.Ingest.Tests.Host.Serving.Metrics;

public sealed class PrometheusExporterTests(ITestOutputHelper output)
{
    [Fact]
    public void FamiliesWithAndWithoutLabels_AreWrittenAsTheFormatSays()
    {
        using var meter = new Meter("test");
        using var other = new Meter("test");
        other.Gauge("c", "Of another meter of the same name.", static () => 1);
        meter.Counter("a_total", "Things\nand \\more.", static () => 3);
        meter.Gauge("b_bytes", "Bytes.", static () =>
        [
            MeterFamilies.Sample(1.5, ("x", "1"), ("y", "Hồ \"sơ\" \\ \n")), MeterFamilies.Sample(-1e300, ("x", "2"), ("y", "")),
        ]);
        meter.Gauge("d", "Not known yet.", static () => default(double?));
        using var exporter = new PrometheusExporter(meter);
        var text = exporter.Read();
        Assert.Equal(text, exporter.Read());
        Assert.Equal(
            "# HELP a_total Things\\nand \\\\more.\n# TYPE a_total counter\na_total 3\n"
            + "# HELP b_bytes Bytes.\n# TYPE b_bytes gauge\nb_bytes{x=\"1\",y=\"Hồ \\\"sơ\\\" \\\\ \\n\"} 1.5\nb_bytes{x=\"2\",y=\"\"} -1E+300\n",
            text);
        var page = MetricsPage.Parse(text);
        Assert.Equal((3, 1.5), (page.Of("a_total"), page.Of("b_bytes", ("x", "1"), ("y", "Hồ \"sơ\" \\ \n"))));
    }

    [Theory]
    [InlineData(double.PositiveInfinity, "+Inf")]
    [InlineData(double.NegativeInfinity, "-Inf")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(0.1, "0.1")]
    [InlineData(9007199254740991, "9007199254740991")]
    public void Number_IsWrittenAsTheFormatSays(double number, string written)
    {
        using var meter = new Meter("test");
        meter.Gauge("a", "A.", () => number);
        using var exporter = new PrometheusExporter(meter);
        Assert.EndsWith($"a {written}\n", exporter.Read());
    }

    [Fact]
    public async Task AScrape_AllocatesTheSame_HoweverManyEventsCameIn()
    {
        await using var engine = new StreamEngine(new EngineOptions { Rulebook = Shipped.Rulebook(), Directory = Shipped.Units("hungyen") });
        var intake = engine.OpenIntake("test");
        using var meter = new Meter("test");
        SourceMetrics.AddTo(meter, [intake]);
        CodeMetrics.AddTo(meter, engine);
        using var exporter = new PrometheusExporter(meter);
        var few = AllocatedAfter(intake, exporter, 100);
        var many = AllocatedAfter(intake, exporter, 20_000);
        output.WriteLine($"{few} bytes after 100 events, {many} after 20,000 more");
        Assert.Equal(20_100, MetricsPage.Parse(exporter.Read()).Sum("kpistream_events_accepted_total"));
        Assert.InRange(many - few, -256, 256); // a number has more digits
    }

    private static long AllocatedAfter(Intake intake, PrometheusExporter exporter, int events)
    {
        var at = new DateTimeOffset(2026, 3, 1, 3, 0, 0, TimeSpan.Zero);
        for (var number = 0; number < events; number++)
        {
            var line = CaseLines.Accepted($"H31-{events}-{number}", "11953", at);
            intake.Accept(Encoding.UTF8.GetBytes(line), new SourcePosition(0, number), DecodeLimits.UnknownArrival);
        }

        intake.Flush();
        for (var warm = 0; warm < 4; warm++)
        {
            exporter.Read();
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        exporter.Read();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    [Theory]
    [InlineData("a 1\n")]
    [InlineData("# HELP a A.\na 1\n")]
    [InlineData("# HELP a A.\n# TYPE a gauge\nb 1\n")]
    [InlineData("# HELP a A.\n# TYPE a gauge\na 1\na 2\n")]
    [InlineData("# HELP a A.\n# TYPE a counter\na 1\n")]
    [InlineData("# HELP a_total A.\n# TYPE a_total gauge\na_total 1\n")]
    [InlineData("# HELP a A.\n# TYPE a gauge\na{x=\"\\y\"} 1\n")]
    [InlineData("# HELP a A.\n# TYPE a gauge\na{x=\"1\",x=\"2\"} 1\n")]
    [InlineData("# HELP a A.\n# TYPE a gauge\na{x=\"1\"}  1\n")]
    [InlineData("# HELP a A.\n# TYPE a gauge\na 1")]
    public void TextThatTheFormatForbids_IsSeenByTheTestsOwnReader(string text) => Assert.Throws<FormatException>(() => MetricsPage.Parse(text));

    [Fact]
    public async Task RunningDemo_TellsItsEventsItsFiguresAndItself()
    {
        using var folder = new TemporaryFolder();
        await using var serve = await ServeProcess.StartAsync(folder, "--demo");
        await serve.UntilReadyAsync();
        using var answer = await serve.Http.GetAsync("/metrics");
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        var page = MetricsPage.Parse(await answer.Content.ReadAsStringAsync());
        output.WriteLine(await answer.Content.ReadAsStringAsync());

        var board = await serve.GetAsync("/api/v1/board");
        var (unit, period) = ((string)board["province"]!["code"]!, (string)board["period"]!);
        var (all, online) = (
            page.Of("kpistream_figure_denominator", ("kpi", "fully_online"), ("unit", unit), ("period", period)),
            page.Of("kpistream_figure_numerator", ("kpi", "fully_online"), ("unit", unit), ("period", period)));
        Assert.InRange((double)board["headline"]!["fully_online"]!["v"]! - (online / all), -0.01, 0.01);
        Assert.True(page.Sum("kpistream_events_accepted_total") > 1_000);
        Assert.InRange(page.Sum("kpistream_case_bytes"), 96 * page.Sum("kpistream_cases"), double.MaxValue);
        Assert.InRange(page.Sum("kpistream_contribution_bytes"), 16 * page.Sum("kpistream_contributions"), double.MaxValue);
        Assert.InRange(page.Sum("kpistream_cases"), 1_000, page.Sum("kpistream_events_accepted_total"));
        Assert.InRange(page.Sum("kpistream_data_age_seconds"), -60, 600);
        Assert.Equal(1, page.Sum("kpistream_caught_up"));
        Assert.Equal(1, page.Sum("kpistream_build_info"));
        Assert.Equal(0, page.Sum("kpistream_events_rejected_total"));
        Assert.True(page.Sum("process_cpu_seconds_total") > 0);
        Assert.InRange(page.Sum("process_resident_memory_bytes"), 10_000_000, 10_000_000_000);
        Assert.InRange(page.Count, 40, 200);
        string[] absent = ["kpistream_dead_letters_w", "kpistream_dead_letters_d", "kpistream_checkpoint", "kpistream_self_check",
            "kpistream_alert_messages_",
            "kpistream_log_", "kpistream_source_partition", "kpistream_source_clock", "kpistream_source_held", "kpistream_source_stalled",
            "kpistream_source_lost", "kpistream_source_gap"];
        Assert.Equal(
            MetricsPage.KnownFamilies.Where(family => !absent.Any(name => family.StartsWith(name))),
            page.Families.Order());
        Assert.DoesNotContain(page.Types.Keys, name => !name.StartsWith("kpistream_")
            && !name.StartsWith("process_") && !name.StartsWith("dotnet_"));
    }

    [Fact]
    public async Task ReaderOfTheStream_IsCountedWhileItIsThere()
    {
        using var folder = new TemporaryFolder();
        await using var serve = await ServeProcess.StartAsync(folder, "--demo");
        await MetricsPage.UntilAsync(serve, page => page.Sum("kpistream_board_readers") == 0);
        using (await serve.Http.GetStreamAsync("/api/v1/stream"))
        {
            await MetricsPage.UntilAsync(serve, page => page.Sum("kpistream_board_readers") == 1);
        }

        await MetricsPage.UntilAsync(serve, page => page.Sum("kpistream_board_readers") == 0);
    }
}
