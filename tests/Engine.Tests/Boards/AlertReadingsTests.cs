using KpiStream.Engine.Alerts;
using KpiStream.Engine.Boards;

namespace KpiStream.Engine.Tests.Boards;

/// <summary>Whom rules are asked about, and when a closed window says nothing.</summary>
public sealed class AlertReadingsTests
{
    private static readonly LowVolumeRule Low =
        new() { Figure = "handled", FewerThan = 50, Since = new DateOnly(2025, 7, 1), JudgedOn = new DateOnly(2025, 7, 15) };
    private static readonly BelowTargetRule Below = new() { Figure = "fully_online", Over = Period.TryParse("30d")!, MinCount = 20 };
    private static readonly UnitDirectory Directory = BoardBuilderTests.Plan.Directory;
    private static readonly long Today = LocalTime.StartOfDay(LocalTime.DayOf(new DateOnly(2026, 11, 26)));
    private static readonly long InTheWindow = LocalTime.StartOfDay(LocalTime.DayOf(new DateOnly(2025, 7, 15)) + 1) - 1;

    [Fact]
    public void LowVolume_IsReadOfCommunesOnly_AndRatiosOfDepartmentsToo()
    {
        var readings = Read(Totals(("11953", 60, 0)), [Low, Below], Today);
        Assert.Equal(104, readings.Count(reading => reading.Rule == Low));
        Assert.All(readings.Where(reading => reading.Rule == Low), reading => Assert.True(Directory.Find(reading.Unit)!.IsCommune));
        Assert.Equal(104 + 13, readings.Count(reading => reading.Rule == Below));
        Assert.Contains(readings, reading => reading.Rule == Below && reading.Unit == "33.STP");
    }

    [Fact]
    public void AWindowThatClosedBeforeTheDataBegins_NeitherFiresNorResolves()
    {
        var engine = new AlertEngine(AlertLimits.Default);
        Assert.Empty(engine.Evaluate(Read(Totals(), [Low], Today, Days(OfToday)), Today).Transitions);

        var fired = engine.Evaluate(Read(Totals(("11953", 49, 0), ("11977", 60, 0)), [Low], Today), Today);
        Assert.Equal(103, fired.Transitions.Count);

        var later = engine.Evaluate(Read(Totals(), [Low], Today + 1, Days(OfToday)), Today + 1);
        Assert.Empty(later.Transitions);
        Assert.Equal(103, later.Current.Count(alert => alert.State == AlertState.Firing));
    }

    /// <summary>Sources send an old case again now and then: it is in the window, and the window is as unknown as without it.</summary>
    [Fact]
    public void AStrayOldCase_DoesNotMakeAClosedWindowKnown()
    {
        var days = Days(OfToday.Append((new DateOnly(2025, 7, 3), 2)).Append((new DateOnly(2025, 7, 9), 3)));
        var readings = Read(Totals(("11953", 1, 0)), [Low], Today, days);
        Assert.Equal(104, readings.Count);
        Assert.All(readings, reading => Assert.False(reading.HasData));
        Assert.Empty(new AlertEngine(AlertLimits.Default).Evaluate(readings, Today).Transitions);
    }

    [Fact]
    public void AWindowTheLogCovers_IsJudgedEvenWhereNothingWasCountedAnywhere() =>
        Assert.All(Read(Totals(), [Low], Today), reading => Assert.True(reading.HasData));

    [Fact]
    public void SilenceEverywhereInAWindowThatIsOpen_IsReadAsSilence()
    {
        Assert.All(Read(Totals(), [Low], InTheWindow, Days(OfToday)), reading => Assert.True(reading.HasData));
        Assert.All(Read(Totals(), [Low with { JudgedOn = null }], Today, Days(OfToday)), reading => Assert.True(reading.HasData));
        Assert.All(Read(Totals(), [Low], Today, Days(OfToday)), reading => Assert.False(reading.HasData));
    }

    private static IEnumerable<(DateOnly Day, long Events)> OfToday =>
        Enumerable.Range(0, 20).Select(back => (new DateOnly(2026, 11, 26).AddDays(-back), 500L));

    private static ObservedDays Days(IEnumerable<(DateOnly Day, long Events)> counted)
    {
        var days = new ObservedDays();
        days.Add(counted.Select(one => (LocalTime.DayOf(one.Day), one.Events)));
        return days;
    }

    private static List<AlertReading> Read(UnitTotals totals, AlertRule[] rules, long now, ObservedDays? days = null) =>
        AlertReadings.Of(BoardBuilderTests.Plan, rules, _ => totals, hasData: true, now, days ?? BoardBuilderTests.July);

    private static UnitTotals Totals(params (string Unit, int Denominator, int Numerator)[] rows) =>
        new(BoardBuilderTests.SumsOf(rows).Rows, id => BoardBuilderTests.Codes[id], Directory);
}
