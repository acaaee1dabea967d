using KpiStream.Engine.Alerts;
using KpiStream.Engine.Units;
using KpiStream.Ingest.Host.Plans;
using KpiStream.Ingest.Host.Runs.Explanations;
using KpiStream.Ingest.Host.Serving.Alerts;
using KpiStream.Ingest.Sources.Configuration.Alerts;
using KpiStream.Ingest.Tests.EndToEnd;

namespace KpiStream.Ingest.Tests.Host.Runs.Explanations;

/// <summary><c>kpistream alerts explain</c>: what a server decided is decided again from its log, and what was changed since is found.</summary>
public sealed class ExplainedAlertsTests(ITestOutputHelper output) : IDisposable
{
    private const string First = """
        id: tried
        version: 1
        rules:
          - {id: hours, kind: ratio, figure: fully_online, period: 6h, min_count: 5, hold: 20m, clear_hold: 20m}
          - {id: month, kind: ratio, figure: fully_online, period: 30d, min_count: 5, hold: 10m}
          - {id: quiet, kind: silence, figure: arisen}
          - {id: few, kind: low_volume, figure: arisen, fewer_than: 60, since: 2026-11-20, hold: 1h, units: {codes: ["11953", "11977", "12091"]}}
        """;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public Task EveryDecision_IsDecidedAgain() => RunAsync(runs: 3);

    [Fact]
    [Trait("Category", "Long")]
    public Task EveryDecisionOfManyRuns_IsDecidedAgain() => RunAsync(runs: 60);

    /// <summary>The same stream, back-tested at the same ticks, fires and ends the same alerts at the same instants with the same texts.</summary>
    [Fact]
    public async Task ABackTestAtTheSameTicks_DecidesTheSame()
    {
        var random = new Random(NewSeed());
        await using var served = new ServedProvince(folder, Parse(First), staleAfter: 900);
        served.Time.Pass(TimeSpan.FromSeconds(1)); // a back-test judges from the first tick after the first event on
        await LiveAsync(served, random, ticks: 400, faults: false);
        await served.KillAsync(); // everything is on disk
        await File.WriteAllLinesAsync(folder.File("events.ndjson"), served.Log.Select(static one => Encoding.UTF8.GetString(one.Line)));
        await File.WriteAllTextAsync(folder.File("rules.yaml"), First);
        await File.WriteAllTextAsync(folder.File("kpistream.yaml"), "stale_after_seconds: 900\n");
        var end = InstantText.ToLocalSeconds(served.Time.GetUtcNow().ToUnixTimeMilliseconds());
        var run = await CommandRun.OfAsync(
            "alerts", "backtest", folder.File("events.ndjson"), "--rules", folder.File("rules.yaml"), "--every", "5m", "--to", end, "--json",
            "--config", folder.File("kpistream.yaml"));
        Assert.True(run.ExitCode == 0, run.Errors);
        using var report = JsonDocument.Parse(run.Output);
        var tried = report.RootElement.GetProperty("trials")[0].GetProperty("alerts").EnumerateArray().Select(static one =>
            $"{one.GetProperty("rule")} {one.GetProperty("unit")} {one.GetProperty("firing_since")}.."
                + $"{(one.TryGetProperty("resolved_at", out var at) ? at : "")}");
        var real = served.Ids.Select(id => AlertHistory.Read(Path.Combine(served.StateFolder, AlertHistory.FileName), id))
            .Where(static one => one.Any(static entry => entry.Entry.What == "firing")).Select(static one =>
                $"{one[0].Entry.Rule} {one[0].Entry.Unit} {Instant(one, "firing")}..{Instant(one, "resolved")}").ToList();
        output.WriteLine($"{real.Count} alerts");
        Assert.True(real.Count >= 2, "alerts fired, or nothing was shown");
        Assert.Equal(real.Order(), tried.Order());
    }

    [Fact]
    public async Task ALogOrRulesThatWereChanged_AreFound()
    {
        await using var served = new ServedProvince(folder, Parse(First));
        await LiveAsync(served, new Random(NewSeed()), ticks: 150, faults: false);
        await served.KillAsync();
        var id = served.Ids.First(one => Firing(served, one) is not null);
        var firing = Firing(served, id)!;
        Assert.Equal(ExitCode.Ok, (await served.ExplainAsync(id, served.Log))!.Exit);

        // What the unit had done is another's.
        var moved = served.Log.Select(one => one.Arrival > firing.At ? one
            : (Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(one.Line).Replace(firing.Unit!, "11983")), one.Position, one.Arrival)).ToList();
        var other = (await served.ExplainAsync(id, moved))!;
        Assert.Equal(ExitCode.CheckFailed, other.Exit);
        Assert.Contains(Said(id, other), static line => line.StartsWith("DIFFERS", StringComparison.Ordinal));

        var cut = (await served.ExplainAsync(id, [.. served.Log.TakeWhile(one => one.Arrival < firing.PendingSince - 3_600_000)]))!;
        Assert.True(cut.Exit != ExitCode.Ok && cut.Obstacle.StartsWith("the log ends at", StringComparison.Ordinal), cut.Obstacle);

        var text = KeptTexts.PathOfRules(served.StateFolder, served.Rules.Hash);
        await File.AppendAllTextAsync(text, "# changed\n");
        Assert.Contains("was changed", (await served.ExplainAsync(id, served.Log))!.Obstacle);
        File.Delete(text);
        var missing = (await served.ExplainAsync(id, served.Log))!;
        Assert.Equal((ExitCode.Unavailable, true), (missing.Exit, missing.Obstacle.Contains("is missing", StringComparison.Ordinal)));
        File.Delete(Path.Combine(served.StateFolder, AlertTickLog.FileName));
        Assert.StartsWith("not recorded", (await served.ExplainAsync(id, served.Log))!.Obstacle);
        Assert.Null(await served.ExplainAsync("0000000000000000", served.Log));
    }

    /// <summary>Units' days that were changed meanwhile: the settings of now have none of them.</summary>
    [Fact]
    public async Task UnitCalendarsOfThen_AreKept_AndJudgedBy()
    {
        await using var served = new ServedProvince(folder, Parse(First.Replace("hold: 10m", "hold: 40m")));
        var random = new Random(NewSeed());
        await LiveAsync(served, random, ticks: 30, faults: false);
        served.Time.Pass(TimeSpan.FromDays(3)); // the month is judged by days that are settled
        served.Calendars = Closing(3, "announced");
        await LiveAsync(served, random, ticks: 3, faults: false);
        served.Calendars = Closing(2, "expected");
        await LiveAsync(served, random, ticks: 15, faults: false);
        served.Calendars = new UnitCalendars(Shipped.Calendar);
        await LiveAsync(served, random, ticks: 3, faults: false);
        await served.KillAsync();

        var found = new List<(string Id, Explanation Again)>();
        foreach (var id in served.Ids)
        {
            found.Add((id, (await served.ExplainAsync(id, served.Log))!));
            Assert.True(found[^1].Again.IsEqual, string.Join('\n', Said(id, found[^1].Again)));
        }

        var then = Closing(2, "expected");
        var expected = found.First(one => one.Again.Decisions.Any(decision => decision.Kept?.Evidence?.Calendar == then.FullVersion));
        var path = KeptTexts.PathOfCalendars(served.StateFolder, then.Version);
        await File.AppendAllTextAsync(path, "11980,2026-11-24,2026-11-24,closed,announced,r\n");
        Assert.Contains("was changed", (await served.ExplainAsync(expected.Id, served.Log))!.Obstacle);
        File.Delete(path);
        var missing = (await served.ExplainAsync(expected.Id, served.Log))!;
        Assert.Equal((ExitCode.Unavailable, true), (missing.Exit, missing.Obstacle.Contains("is missing", StringComparison.Ordinal)));
    }

    /// <summary>Of two sources one dies: what the other feeds is judged on, what it fed stays as it was, and a replay decides the same.</summary>
    [Fact]
    public async Task ASourceThatDies_HoldsBackWhatItFeedsAlone()
    {
        await using var served = new ServedProvince(folder, Parse(First.Replace("clear_hold: 20m", "clear_hold: 10m")), staleAfter: 3_600);
        var (fed, others) = (ServedProvince.Units[..2], ServedProvince.Units[2..]);
        served.SourceOf = unit => fed.Contains(unit) ? "s" : "t";
        async Task LiveAsync(int ticks, Func<string, bool?> how)
        {
            for (var tick = 0; tick < ticks; tick++)
            {
                foreach (var unit in ServedProvince.Units)
                {
                    for (var number = how(unit) is null ? 0 : 2; number > 0; number--)
                    {
                        served.Happen(unit, how(unit) == true);
                    }
                }

                await served.TickAsync();
            }
        }

        Alert? Of(string unit) => served.Alerts.FirstOrDefault(alert => alert.Unit == unit && alert.Rule.Id == "hours" && alert.ResolvedAt is null);
        await LiveAsync(24, unit => unit != others[0]); // in two hours one of each pair would be enough
        Assert.Equal(AlertState.Firing, Of(others[0])?.State);
        Assert.Null(Of(fed[0]));

        await LiveAsync(34, unit => others.Contains(unit) ? null : unit != fed[0]);
        var silent = Assert.Single(served.Alerts, static alert => alert is { Unit: "t", Rule: SourceRule { Fault: SourceFault.Silent } });
        Assert.Equal(AlertState.Firing, silent.State);
        Assert.Equal((2, "11980 12091"), (silent.Evidence!.Held!.Count, string.Join(' ', silent.Evidence.Held.First)));
        Assert.Equal((AlertState.Firing, true, silent.Id), (Of(others[0])!.State, Of(others[0])!.IsMissing, Of(others[0])!.InhibitedBy));
        Assert.Equal((AlertState.Firing, false, null), (Of(fed[0])!.State, Of(fed[0])!.IsMissing, Of(fed[0])!.InhibitedBy));
        Assert.True(Of(fed[0])!.FiringSince > silent.FiringSince, "judged while the other was silent");

        await LiveAsync(24, static _ => true);
        Assert.Null(Of(others[0])?.InhibitedBy);
        await served.KillAsync();
        Assert.Contains(AlertTickLog.Read(served.StateFolder), static tick => tick is { Inhibited: false, HeldBy: ["t"], IsOfUnits: true });
        Assert.True(served.Ids.Count > 1);
        foreach (var id in served.Ids)
        {
            var found = (await served.ExplainAsync(id, served.Log))!;
            Assert.True(found.IsEqual && found.Exit == 0, string.Join('\n', Said(id, found)));
        }
    }

    private async Task RunAsync(int runs)
    {
        var (seed, explained, decisions, judged) = (NewSeed(), 0, 0, 0L);
        for (var run = 0; run < runs; run++)
        {
            using var own = new TemporaryFolder();
            await using var served = new ServedProvince(own, Parse(First));
            await LiveAsync(served, new Random(seed + run), ticks: 160, faults: true);
            await served.KillAsync();
            foreach (var id in served.Ids)
            {
                var found = (await served.ExplainAsync(id, served.Log))!;
                Assert.True(found.IsEqual && found.Exit == 0,
                    $"seed {seed + run}: {string.Join('\n', Said(id, found))}");
                (explained, decisions, judged) = (explained + 1, decisions + found.Decisions.Count, judged + found.Ticks);
            }
        }

        output.WriteLine($"{explained} alerts, {decisions} decisions, {judged} ticks judged again");
        Assert.True(explained >= 2 * runs, $"{explained} alerts");
    }

    /// <summary>Hours of cases, of units that do well, badly, or nothing, and change; with faults, kills, other rules and clocks that jump.</summary>
    private static async Task LiveAsync(ServedProvince served, Random random, int ticks, bool faults)
    {
        // Two begin badly and stay so for a while: whatever is drawn, there are alerts.
        const int Settled = 40;
        var quality = ServedProvince.Units.Index().ToDictionary(static unit => unit.Item, unit => unit.Index < 2 ? 1 : random.Next(3));
        var diesAt = faults ? random.Next(20, 100) : ticks;
        if (faults)
        {
            served.SourceOf = static unit => Array.IndexOf(ServedProvince.Units, unit) % 2 == 0 ? "s" : "t";
        }

        served.Happen(ServedProvince.Units[0], isGood: true);
        await served.FrameAsync();
        for (var (tick, early) = (0, Array.Empty<byte>()); tick < ticks; tick++)
        {
            served.Time.Pass(TimeSpan.FromSeconds(random.Next(1, 200)));
            foreach (var unit in ServedProvince.Units.Where(unit => tick - diesAt is < 0 or > 30 || served.SourceOf(unit) != "t"))
            {
                quality[unit] = random.Next(25) == 0 && tick > Settled ? random.Next(3) : quality[unit];
                for (var number = quality[unit] == 2 ? 0 : random.Next(4); number > 0; number--)
                {
                    served.Happen(unit, random.Next(100) < (quality[unit] == 0 ? 97 : 15));
                }
            }

            if (faults && random.Next(12) == 0)
            {
                await FailAsync(served, random, early);
            }

            early = random.Next(3) == 0 ? served.Kept : early;
            await served.TickAsync();
        }
    }

    private static async Task FailAsync(ServedProvince served, Random random, byte[] early)
    {
        switch (random.Next(6))
        {
            case 0:
                await served.KillAsync();
                break;
            case 1:
                await served.KillAsync(early); // the newest had not been written yet
                break;
            case 2:
                served.Rules = Parse(random.Next(2) == 0 ? First : First.Replace("min_count: 5", $"min_count: {random.Next(4, 9)}"));
                break;
            case 3:
                await served.TickAsync(isWhole: false);
                break;
            case 4:
                served.Calendars = Closing(random.Next(4), random.Next(2) == 0 ? "expected" : "announced");
                break;
            default:
                served.Time.Jump(TimeSpan.FromMinutes(random.Next(1, 30)));
                break;
        }
    }

    /// <summary>Some units are closed since the day before.</summary>
    private static UnitCalendars Closing(int units, string certainty) => UnitCalendarFile.Parse(
        "days.csv",
        "unit,from,to,kind,certainty,reason\n"
            + string.Concat(ServedProvince.Units.Take(units).Select(unit => $"{unit},2026-11-23,2026-11-24,closed,{certainty},bão\n")),
        Shipped.Calendar, Shipped.Units("hungyen"), [])!;

    private static IEnumerable<string> Said(string id, Explanation found) => ExplainOutput.Lines(id, found, static _ => null, static unit => unit);

    private static AlertHistoryEntry? Firing(ServedProvince served, string id) => AlertHistory.Read(
        Path.Combine(served.StateFolder, AlertHistory.FileName), id).Select(static one => one.Entry).FirstOrDefault(static one => one.What == "firing");

    private static string Instant(IReadOnlyList<(byte[] Line, AlertHistoryEntry Entry)> all, string what) =>
        all.Select(static one => one.Entry).FirstOrDefault(entry => entry.What == what) is { } found ? InstantText.ToLocalSeconds(found.At) : "";

    private static AlertRuleSet Parse(string text) => AlertRulesFile.OfText(text, Shipped.Rulebook(), Shipped.Units("hungyen"))!;

    private int NewSeed()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        return seed;
    }
}
