namespace KpiStream.Engine.Tests.Units;

/// <summary>Calendars of units against one that looks through all rows for every day.</summary>
public sealed class UnitCalendarsTests(ITestOutputHelper output)
{
    private const long Quarter = 900_000;
    private static readonly int First = LocalTime.DayOf(new DateOnly(2026, 3, 2));
    private static readonly string[] Codes = ["vn", "33", "33.1", "33.2", "19"];

    private static readonly UnitDirectory Directory = UnitDirectory.TryCreate(
        [
            Row("vn", null), Row("33", "vn"), Row("33.1", "33"), Row("33.2", "33"), Row("19", "vn"),
        ],
        "test", [])!;

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(2_027)]
    public void RandomRows_SayOfEveryDayWhatLookingThroughThemSays(int seed)
    {
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var trial = 0; trial < 40; trial++)
        {
            List<CalendarDay> days = [.. Enumerable.Range(0, random.Next(12)).Select(_ => RandomDay(random)).DistinctBy(static day => day.Date)];
            var rows = RandomRows(random);
            var calendars = new UnitCalendars(new WorkingCalendar(days), rows, Directory, "rows@1");
            foreach (var unit in (string[])[.. Codes, "unlisted"])
            {
                Compare(calendars.Of(unit), day => Naive(unit, day, days, rows), random, $"seed {seed}, trial {trial}, unit {unit}");
            }
        }
    }

    [Fact]
    public void UnitsOfTheSameRows_ShareACalendar_AndOthersHaveTheCommonOne()
    {
        var common = new WorkingCalendar([]) { Version = "c@1" };
        var row = new UnitCalendarRow("33", new DateOnly(2026, 3, 2), new DateOnly(2026, 3, 6), UnitDays.Closed, false, "bão");
        var calendars = new UnitCalendars(common, [row], Directory, "u@2");

        Assert.Same(calendars.Of("33"), calendars.Of("33.1"));
        Assert.Equal("c@1 + u@2", calendars.Of("33.1").Version);
        Assert.Same(common, calendars.Of("19"));
        Assert.Same(common, calendars.Of("unlisted")); // counted under the nation, for there are two provinces
        Assert.Same(common, calendars.Of("33").Common);
        Assert.Equal(["33", "33.1", "33.2"], calendars.Own.Order());
    }

    private static void Compare(WorkingCalendar calendar, Func<int, (DayHours Hours, bool IsExpected)> naive, Random random, string where)
    {
        for (var day = First - 10; day < First + 100; day++)
        {
            var (hours, isExpected) = naive(day);
            Assert.True(hours == calendar.HoursOn(day), $"{where}, {LocalTime.DateOf(day)}: {hours}, not {calendar.HoursOn(day)}");
            Assert.True(isExpected == calendar.ExpectedOn(day) is not null, $"{where}, {LocalTime.DateOf(day)}: expected");
        }

        // Office time, a quarter of an hour after the other: 18 of them in a morning, 14 in an afternoon.
        var from = LocalTime.StartOfDay(First) + (random.Next(0, 14 * 96) * Quarter);
        var open = new List<long>();
        for (var at = from; at < from + (40 * 96 * Quarter); at += Quarter)
        {
            var clock = (at - LocalTime.StartOfDay(LocalTime.DayOf(at))) / Quarter;
            var hours = naive(LocalTime.DayOf(at)).Hours;
            if ((hours != DayHours.Closed && clock is >= 28 and < 46) || (hours == DayHours.Whole && clock is >= 54 and < 68))
            {
                open.Add(at);
            }
        }

        Assert.True(open.Count * Quarter == calendar.WorkingMillis(from, from + (40 * 96 * Quarter)), $"{where}: office time");
        for (var i = 0; i < Math.Min(open.Count, 80); i += 7)
        {
            Assert.True(open[i] + Quarter == calendar.AddWorkingTime(from, (i + 1) * Quarter), $"{where}: {i + 1} quarters from {from}");
            Assert.True(calendar.IsOpen(open[i]), $"{where}: open at {open[i]}");
        }
    }

    private static (DayHours Hours, bool IsExpected) Naive(string unit, int day, List<CalendarDay> days, List<UnitCalendarRow> rows)
    {
        var date = LocalTime.DateOf(day);
        var chain = unit switch { "33.1" or "33.2" => (string[])[unit, "33", "vn"], "vn" => ["vn"], "unlisted" => ["vn"], _ => [unit, "vn"] };
        var saturday = date.DayOfWeek != DayOfWeek.Saturday ? null
            : chain.Select(code => rows.Find(row => row.Unit == code && row.Days == UnitDays.SaturdayMornings && Holds(row, date))).FirstOrDefault(Exists);
        var usual = date.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) ? DayHours.Whole : saturday is null ? DayHours.Closed : DayHours.Morning;
        var ofDays = rows.FindAll(row => row.Days != UnitDays.SaturdayMornings && Holds(row, date));
        if (chain.Select(code => ofDays.Find(row => row.Unit == code)).FirstOrDefault(Exists) is { } own)
        {
            var hours = own.Days switch { UnitDays.Closed => DayHours.Closed, UnitDays.Morning => DayHours.Morning, _ => DayHours.Whole };
            return (hours, own.IsExpected && hours != usual);
        }

        return days.Find(one => one.Date == date) is { Date.Year: > 1 } listed
            ? (listed.IsWorked ? DayHours.Whole : DayHours.Closed, listed.IsExpected && (listed.IsWorked ? DayHours.Whole : DayHours.Closed) != usual)
            : (usual, saturday is { IsExpected: true });
    }

    private static bool Holds(UnitCalendarRow row, DateOnly date) => row.From <= date && (row.To is null || date <= row.To);

    private static bool Exists(UnitCalendarRow? row) => row is not null;

    private static CalendarDay RandomDay(Random random) =>
        new(LocalTime.DateOf(First + random.Next(0, 90)), random.Next(3) == 0) { IsExpected = random.Next(2) == 0, Name = "Tết" };

    private static List<UnitCalendarRow> RandomRows(Random random)
    {
        var rows = new List<UnitCalendarRow>();
        for (var i = random.Next(1, 12); i > 0; i--)
        {
            var (from, days) = (LocalTime.DateOf(First + random.Next(0, 90)), (UnitDays)random.Next(4));
            var row = new UnitCalendarRow(
                Codes[random.Next(Codes.Length)], from, days == UnitDays.SaturdayMornings && random.Next(2) == 0 ? null : from.AddDays(random.Next(0, 25)),
                days, random.Next(2) == 0, "QĐ");
            if (rows.TrueForAll(other => !other.Overlaps(row)))
            {
                rows.Add(row);
            }
        }

        return rows;
    }

    private static UnitRow Row(string code, string? parent) => new(code, code, "xã", parent, null, null, null, []);
}
