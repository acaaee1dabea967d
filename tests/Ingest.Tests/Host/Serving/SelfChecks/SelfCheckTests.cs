using KpiStream.Engine.Alerts;
using KpiStream.Engine.Reconciliation;
using KpiStream.Engine.Units;
using KpiStream.Ingest.Host.Serving.SelfChecks;

namespace KpiStream.Ingest.Tests.Host.Serving.SelfChecks;

/// <summary>A server that counts its own log again: what it finds in ordinary running, and what it must not miss.</summary>
public sealed class SelfCheckTests(ITestOutputHelper output)
{
    private const int Seed = 6_910;

    [Fact]
    public async Task AHostileStreamInMotion_AnyUnitAndDayIsEqualAtItsCut()
    {
        output.WriteLine($"seed {Seed}");
        await using var scene = new SelfCheckScene(LongRuns.Scale(6_000), Seed);
        var choice = new UnitDayChoice(scene.Engine, Seed);
        var (checks, cases) = (LongRuns.Scale(30), 0);
        for (var i = 0; i < checks; i++)
        {
            scene.Feed(scene.Lines / checks / 2);
            await scene.TickAsync(TimeSpan.FromHours(11));
            var place = await choice.NextAsync(CancellationToken.None);
            Assert.NotNull(place);
            var result = await scene.CheckAsync(place, more: scene.Lines / checks / 2);
            Assert.True(result.Verdict == SelfCheckVerdict.Equal, $"{place}: {result.Verdict} {result.Error} {string.Join(", ", result.Differences)}");
            cases += result.Cases;
        }

        output.WriteLine($"{checks} checks, {cases} cases counted again");
        Assert.True(cases > checks, "hardly anything was compared");
    }

    [Fact]
    public async Task TodayWithContributionsStillToCome_IsEqual()
    {
        await using var scene = new SelfCheckScene(3_000, Seed);
        scene.Feed(3_000);
        var today = LocalTime.DateOf(LocalTime.DayOf(scene.Time.GetUtcNow().ToUnixTimeMilliseconds()));
        var places = scene.Engine.Options.Directory.Rows.Where(scene.Engine.Options.Directory.IsShownAtZero).Take(12)
            .Select(row => new UnitDay(row.Code, today)).ToList();
        var before = await ReceivedAsync(scene, places);
        await scene.TickAsync(TimeSpan.FromHours(8));
        var after = await ReceivedAsync(scene, places);
        Assert.True(after > before, $"nothing of {today} lay after noon: {before}, {after}");
    }

    [Fact]
    public async Task ACounterThatIsWrong_IsFound_Alarms_AndIsOverWhenItIsRightAgain()
    {
        await using var scene = new SelfCheckScene(3_000, Seed);
        scene.Feed(3_000);
        await scene.TickAsync(TimeSpan.FromDays(60));
        var place = await CountedAsync(scene);
        var alerts = new AlertEngine(AlertLimits.Default);
        scene.Service.Note(await scene.CheckAsync(place));
        Assert.False(scene.Service.HasDifference);

        await scene.PlantAsync(place, +1);
        scene.Service.Note(await scene.CheckAsync(place));
        Assert.True(scene.Service.HasDifference);
        Assert.Equal(1, scene.Service.Counts.Of(SelfCheckVerdict.Different));
        Assert.Contains($"unit {place.Unit} on", Assert.Single(scene.Said));
        var shown = Assert.Single(scene.Service.ForBoard().Differences);
        Assert.Equal(shown.CountedD + 1, shown.D);
        var firing = Assert.Single(alerts.Evaluate(scene.Service.Readings, 1).Transitions);
        Assert.Equal((AlertState.Firing, AlertGrade.Critical, place.Unit), (firing.Alert.State, firing.Alert.Rule.Grade, firing.Alert.Unit));

        // Another day that is right does not make this one right.
        scene.Service.Note(await scene.CheckAsync(place with { Day = place.Day.AddDays(1) }));
        Assert.True(scene.Service.HasDifference);
        Assert.Empty(alerts.Evaluate(scene.Service.Readings, 2).Transitions);
        Assert.Equal(("different", place.Unit), (scene.Service.ForBoard().Verdict, scene.Service.ForBoard().Unit));

        await scene.PlantAsync(place, -1);
        scene.Service.Note(await scene.CheckAsync(place));
        Assert.False(scene.Service.HasDifference);
        Assert.Equal("equal", scene.Service.ForBoard().Verdict);
        Assert.Equal(AlertState.Resolved, Assert.Single(alerts.Evaluate(scene.Service.Readings, 3).Transitions).Alert.State);
    }

    [Fact]
    public async Task ALogChangedBehindItsBack_IsFound()
    {
        await using var scene = new SelfCheckScene(3_000, Seed);
        scene.Feed(3_000);
        await scene.TickAsync(TimeSpan.FromDays(60));
        var place = await CountedAsync(scene);
        var text = await File.ReadAllTextAsync(scene.File);
        await File.WriteAllTextAsync(scene.File, text.Replace($"\"{place.Unit}\"", "\"00000\""));
        Assert.Equal(SelfCheckVerdict.Different, (await scene.CheckAsync(place)).Verdict);

        // Known to lack what was counted, it proves no figure wrong.
        scene.Missing = "a file of the log was cut short";
        var lacking = await scene.CheckAsync(place);
        Assert.Equal((SelfCheckVerdict.Incomplete, scene.Missing, 0), (lacking.Verdict, lacking.Error, lacking.Figures.Count));
        scene.Missing = "";

        await File.WriteAllTextAsync(scene.File, text[..(text.Length / 2)]);
        var shortened = await scene.CheckAsync(place);
        Assert.Contains(shortened.Verdict, new[] { SelfCheckVerdict.Damaged, SelfCheckVerdict.Different });
        Assert.Contains("records are gone", shortened.Error);

        File.Delete(scene.File);
        Assert.Equal(SelfCheckVerdict.Unreadable, (await scene.CheckAsync(place)).Verdict);
    }

    [Fact]
    public async Task TheSameSeed_ChoosesTheSameUnitsAndDays()
    {
        await using var scene = new SelfCheckScene(2_000, Seed);
        scene.Feed(2_000);
        await scene.TickAsync(TimeSpan.FromDays(60));
        Assert.Equal(await ChooseAsync(scene, 5), await ChooseAsync(scene, 5));
        Assert.NotEqual(await ChooseAsync(scene, 5), await ChooseAsync(scene, 6));
    }

    [Fact]
    public async Task MoreCasesThanMayBeHeld_IsTooLarge_AndNoDifference()
    {
        var policy = new SelfCheckPolicy(TimeSpan.FromTicks(1), 1) { Share = 1, Bounds = new UnitDayBounds { MostCases = 5, MostEvents = 10 } };
        await using var scene = new SelfCheckScene(2_000, Seed, policy: policy);
        scene.Feed(2_000);
        scene.Service.Note(await scene.CheckAsync(new UnitDay(UnitDirectory.Unstated, new DateOnly(2025, 7, 3))));
        Assert.Equal("too_large", scene.Service.ForBoard().Verdict);
        Assert.False(scene.Service.HasDifference);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ToldToStop_ItStopsAtOnce_WaitingForTheStreamOrRestingOverTheLog(bool isReading)
    {
        // A millionth of a core: reading this log would take weeks.
        await using var scene = new SelfCheckScene(2_000, Seed, policy: new SelfCheckPolicy(TimeSpan.FromTicks(1), 1) { Share = 0.000_001 });
        scene.Feed(2_000);
        await scene.TickAsync(TimeSpan.FromDays(60));
        using var stop = new CancellationTokenSource();
        var running = scene.Service.RunAsync(stop.Token);
        if (isReading)
        {
            scene.Cuts.Flush();
        }

        await stop.CancelAsync();
        await running.WaitAsync(KpiStreamProcess.Limit);
        Assert.Null(scene.Service.Last);
    }

    private static async Task<long> ReceivedAsync(SelfCheckScene scene, List<UnitDay> places)
    {
        var sum = 0L;
        foreach (var place in places)
        {
            var result = await scene.CheckAsync(place);
            Assert.Equal(SelfCheckVerdict.Equal, result.Verdict);
            sum += result.Figures.Single(figure => figure.Figure == "received").Denominator;
        }

        return sum;
    }

    /// <summary>A unit and day with a counter in the first shard.</summary>
    private static Task<UnitDay> CountedAsync(SelfCheckScene scene)
    {
        return scene.Engine.AskShardAsync(0, state =>
        {
            var days = state.Ledger.Figures.Days;
            var day = days.Days.Order()
                .First(one => days.On(one)!.Any(unit => !unit.Value.IsEmpty && scene.Engine.Options.Directory.Find(Code(unit.Key)) is not null));
            return new UnitDay(Code(days.On(day)!.First(unit => !unit.Value.IsEmpty && scene.Engine.Options.Directory.Find(Code(unit.Key)) is not null).Key),
                LocalTime.DateOf(day));
        });

        string Code(int unit) => scene.Engine.Options.Codes.Units.Text(unit);
    }

    private static async Task<List<UnitDay?>> ChooseAsync(SelfCheckScene scene, int seed)
    {
        var choice = new UnitDayChoice(scene.Engine, seed);
        var chosen = new List<UnitDay?>();
        for (var i = 0; i < 20; i++)
        {
            chosen.Add(await choice.NextAsync(CancellationToken.None));
        }

        return chosen;
    }
}
