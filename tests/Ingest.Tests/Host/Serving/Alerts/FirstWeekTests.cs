using KpiStream.Ingest.Tests.EndToEnd;
using KpiStream.Ingest.Tests.Sources.Generation;

namespace KpiStream.Ingest.Tests.Host.Serving.Alerts;

/// <summary>A server that was never run before tells nobody anything in its first week of a healthy stream, whatever week that is.</summary>
public sealed class FirstWeekTests(ITestOutputHelper output)
{
    private const long Minute = 60_000, Hour = 60 * Minute;

    /// <summary>Events of a province's week and some days.</summary>
    private const long Events = 200_000;

    /// <summary>Every four hours: what fires by then and stays is found. One commune that does everything on paper then is.</summary>
    [Fact]
    public async Task AWeekWithAWeekend_FiresNothing_AndWhatIsWrongIsFound()
    {
        const string unit = "11953";
        await using var server = await RunAsync("2026-11-20", 15, 4 * Hour);
        var (begin, end) = (InstantOf("2026-11-20"), InstantOf("2026-11-27"));
        for (var number = 0; number < 400; number++)
        {
            var at = DateTimeOffset.FromUnixTimeMilliseconds(begin + (8 * Hour) + (number * Minute / 2));
            server.Accept(Encoding.UTF8.GetBytes(CaseLines.Accepted($"paper-{number}", unit, at)), end);
            server.Accept(Encoding.UTF8.GetBytes(CaseLines.DoneAtTheCounter($"paper-{number}", at.AddHours(1))), end);
        }

        for (var tick = 1; tick <= 6; tick++)
        {
            await server.TickAsync(end + (tick * 5 * Minute));
        }

        Assert.StartsWith($"fully_online_low Alarm {unit} since 2026-11-27", Assert.Single(server.Fired));
    }

    [Theory]
    [Trait("Category", "Long")]
    [InlineData("2026-11-17", 15)]
    [InlineData("2026-11-20", 16)]
    [InlineData("2026-10-01", 17)]
    [InlineData("2026-12-01", 18)]
    [InlineData("2027-02-03", 19)]
    [InlineData("2026-02-13", 20)]
    public async Task AnyWeek_FiresNothing(string start, ulong seed) => await (await RunAsync(start, seed, 5 * Minute)).DisposeAsync();

    private static long InstantOf(string day) => LocalTime.StartOfDay(LocalTime.DayOf(DateOnly.Parse(day)));

    private async Task<FreshServer> RunAsync(string start, ulong seed, long every)
    {
        var begin = InstantOf(start);
        var end = begin + (7 * 24 * Hour);
        var stream = new GeneratedStream(new GenerateOptions(Events, seed, Shipped.Units("hungyen")) { Start = DateOnly.Parse(start) });
        var server = new FreshServer(begin);
        var (next, records) = (begin + every, 0);
        while (stream.MoveNext() && stream.Arrival < end)
        {
            for (; stream.Arrival >= next; next += every)
            {
                await server.TickAsync(next);
            }

            server.Accept(stream.Line, stream.Arrival);
            records++;
        }

        for (; next <= end; next += every)
        {
            await server.TickAsync(next);
        }

        output.WriteLine($"{start}, seed {seed}: {records} events, {(end - begin) / every} ticks, {server.Fired.Count} false alerts");
        Assert.Empty(server.Fired);
        Assert.True(records > 10_000 && stream.Arrival >= end, $"only {records} events until {InstantText.ToLocalSeconds(stream.Arrival)}");
        return server;
    }
}
