using KpiStream.Engine.Alerts;
using KpiStream.Engine.Boards;
using KpiStream.Engine.Time;
using KpiStream.Engine.Units;
using KpiStream.Engine.Windowing;
using Xunit;

namespace KpiStream.Engine.Tests.Boards;

/// <summary>Whom rules are asked about, and when a closed window says nothing.</summary>
public sealed class AlertReadingsTests
{
    private static readonly LowVolumeRule Low = new() { Figure = "handled", FewerThan = 50, Since = new DateOnly(2025, 7, 1), JudgedOn = new DateOnly(2025, 7, 15) };
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
        Assert.Empty(engine.Evaluate(Read(Totals(), [Low], Today), Today).Transitions);

        var fired = engine.Evaluate(Read(Totals(("11953", 49, 0), ("11977", 60, 0)), [Low], Today), Today);
        Assert.Equal(103, fired.Transitions.Count);

        var later = engine.Evaluate(Read(Totals(), [Low], Today + 1), Today + 1);
        Assert.Empty(later.Transitions);
        Assert.Equal(103, later.Current.Count(alert => alert.State == AlertState.Firing));
    }

    [Fact]
    public void SilenceEverywhereInAWindowThatIsOpen_IsReadAsSilence()
    {
        Assert.All(Read(Totals(), [Low], InTheWindow), reading => Assert.True(reading.HasData));
        Assert.All(Read(Totals(), [Low with { JudgedOn = null }], Today), reading => Assert.True(reading.HasData));
        Assert.All(Read(Totals(), [Low], Today), reading => Assert.False(reading.HasData));
    }

    private static List<AlertReading> Read(UnitTotals totals, AlertRule[] rules, long now) => AlertReadings.Of(BoardBuilderTests.Plan, rules, _ => totals, hasData: true, now);

    private static UnitTotals Totals(params (string Unit, int Denominator, int Numerator)[] rows) =>
        new(BoardBuilderTests.SumsOf(rows), id => BoardBuilderTests.Codes[id], Directory);
}
