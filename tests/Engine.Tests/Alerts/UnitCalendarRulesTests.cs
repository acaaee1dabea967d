using KpiStream.Engine.Alerts;
using MathNet.Numerics.Distributions;

namespace KpiStream.Engine.Tests.Alerts;

/// <summary>How rules judge a unit that is open on Saturday mornings, or closed when others are not.</summary>
public sealed class UnitCalendarRulesTests(ITestOutputHelper output)
{
    private const long Hour = 3_600_000;
    private const int Weeks = 26, Seed = 1_508;

    private static readonly DateOnly Monday = new(2025, 9, 8);
    private static readonly int Start = LocalTime.DayOf(Monday) - (7 * Weeks);
    private static readonly PaceRule Pace = new() { Figure = "arisen" };
    private static readonly SilenceRule Silence = new() { Figure = "arisen" };
    private static readonly WorkingCalendar Saturdays =
        WorkingCalendar.WeekdaysOnly.With([], [new SaturdayMornings(new DateOnly(2024, 1, 1), null, false, "")], "");

    [Fact]
    public void SaturdayMornings_AreExpectedByTheUnitsOwn()
    {
        var usual = PaceBaseline.Of(History(Saturdays, Start, LocalTime.DayOf(Monday), static day => IsSaturday(day) ? 8 : IsWeekday(day) ? 20 : 0))!;
        var saturday = LocalTime.DayOf(Monday) - 2;

        output.WriteLine($"a Saturday {usual.MeanOn(saturday):0.0} for 8, a Monday {usual.MeanOn(saturday + 2):0.0} for 20");
        Assert.InRange(usual.MeanOn(saturday), 7.5, 9.5);
        Assert.InRange(usual.MeanOn(saturday + 2), 19, 21);
        Assert.Contains(saturday, usual.Recent);
    }

    [Fact]
    public void UntilFourSaturdaysAreKnown_NoneIsExpected_AndWeekdaysAreAsBefore()
    {
        // Four are in the base once the 15 days compared have gone by, two and a half weeks later.
        var begun = Monday.AddDays(-7 * 5);
        var calendar = WorkingCalendar.WeekdaysOnly.With([], [new SaturdayMornings(begun, null, false, "")], "");
        int Cases(int day) => IsSaturday(day) ? (LocalTime.DateOf(day) >= begun ? 3 : 0) : IsWeekday(day) ? 20 : 0;
        var usual = PaceBaseline.Of(History(calendar, Start, LocalTime.DayOf(Monday), Cases))!;
        var weekdays = PaceBaseline.Of(History(WorkingCalendar.WeekdaysOnly, Start, LocalTime.DayOf(Monday), Cases))!;

        Assert.Equal(0, usual.MeanOn(LocalTime.DayOf(Monday) - 2));
        Assert.Equal((weekdays.Level, weekdays.Mean), (usual.Level, usual.Mean));
        Assert.Equal(weekdays.Recent, usual.Recent);
        Assert.True(PaceBaseline.Of(History(calendar, Start, LocalTime.DayOf(Monday) + 21, Cases))!.MeanOn(LocalTime.DayOf(Monday) + 19) is > 2 and < 9);
    }

    [Fact]
    public void HealthyUnitsOpenOnSaturdays_AreSeldomAlarmedOf_AndHalvedOnesAreFound()
    {
        var random = new Random(Seed);
        var (falseAlarms, found) = (0, 0);
        for (var unit = 0; unit < 40; unit++)
        {
            var cases = new Dictionary<int, int>();
            int Cases(int day, double share) => cases.TryGetValue(day, out var known) ? known
                : cases[day] = IsSaturday(day) ? Poisson.Sample(random, 8 * share) : IsWeekday(day) ? Poisson.Sample(random, 20 * share) : 0;
            falseAlarms += Enumerable.Range(0, 3).Count(week => ScoreAt(LocalTime.DayOf(Monday) - (7 * week)) >= Pace.FireAt);
            found += ScoreAt(LocalTime.DayOf(Monday) + 7) >= Pace.FireAt ? 1 : 0;
            double ScoreAt(int today) =>
                History(Saturdays, Start, today, day => Cases(day, day >= LocalTime.DayOf(Monday) ? 0.5 : 1)).Pace(0.5)!.Score;
        }

        output.WriteLine($"seed {Seed}: false alarms {falseAlarms} of 120, found {found} of 40 halved for a week");
        Assert.InRange(falseAlarms, 0, 2);
        Assert.InRange(found, 36, 40);
    }

    [Fact]
    public void AClosureOfAWeek_GivesNoAlarmInThatUnit_WhileOthersFire()
    {
        var closed = WorkingCalendar.WeekdaysOnly.With(
            Enumerable.Range(0, 5).Select(static day => new CalendarDay(Monday.AddDays(day), false) { Name = "bão", IsExpected = day == 4 }), [], "");
        int Cases(int day) => IsWeekday(day) && (day < LocalTime.DayOf(Monday) || day >= LocalTime.DayOf(Monday) + 7) ? 20 : 0;
        var (fired, others) = (0, new HashSet<AlertKind>());
        for (var day = LocalTime.DayOf(Monday); day < LocalTime.DayOf(Monday) + 14; day++)
        {
            foreach (var hour in (int[])[7, 9, 11, 14, 16])
            {
                var now = LocalTime.StartOfDay(day) + (hour * Hour);
                int SoFar(int one) => one < day || hour > 7 ? Cases(one) : 0;
                foreach (var rule in (AlertRule[])[Pace, Silence])
                {
                    fired += rule.Judge(Reading(rule, History(closed, Start, day, SoFar)), now) == Judgement.Met ? 1 : 0;
                    if (rule.Judge(Reading(rule, History(WorkingCalendar.WeekdaysOnly, Start, day, SoFar)), now) == Judgement.Met)
                    {
                        others.Add(rule.Kind);
                    }
                }
            }
        }

        Assert.Equal(0, fired);
        Assert.Equal([AlertKind.Pace, AlertKind.Silence], others.Order());
    }

    [Fact]
    public void AUnitThatStaysSilentAfterItsClosure_IsFoundTheDayAfterTheFirst()
    {
        var closed = WorkingCalendar.WeekdaysOnly.With(Enumerable.Range(0, 5).Select(static day => new CalendarDay(Monday.AddDays(day), false)), [], "");
        var today = LocalTime.DayOf(Monday) + 8; // a Tuesday; the Monday beside the closure is not compared
        var history = History(closed, Start, today, static day => IsWeekday(day) && day < LocalTime.DayOf(Monday) ? 20 : 0);

        Assert.Equal(Judgement.Between, Silence.Judge(Reading(Silence, history), LocalTime.StartOfDay(today) + (9 * Hour)));
        Assert.Equal(Judgement.Met, Silence.Judge(Reading(Silence, history), LocalTime.StartOfDay(today) + (16 * Hour)));
    }

    [Fact]
    public void WhatRestsOnADayThatIsOnlyExpected_SaysSo()
    {
        var closed = WorkingCalendar.WeekdaysOnly.With(
            [new CalendarDay(Monday.AddDays(2), false) { Name = "bão", IsExpected = true }, new CalendarDay(Monday.AddDays(3), false) { Name = "bão" }], [],
            "c@1");
        var today = LocalTime.DayOf(Monday) + 7;
        var history = History(closed, Start, today, static day => IsWeekday(day) && day < LocalTime.DayOf(Monday) ? 20 : 0);

        var evidence = Silence.EvidenceByCalendar(Reading(Silence, history), LocalTime.StartOfDay(today) + (9 * Hour));

        Assert.Equal(("c@1", Monday.AddDays(2), "bão"), (evidence.Calendar, evidence.ExpectedDays![0].Date, evidence.ExpectedDays[0].Name));
        Assert.Single(evidence.ExpectedDays);
        Assert.Null(Silence.EvidenceByCalendar(
            Reading(Silence, History(WorkingCalendar.WeekdaysOnly, Start, today, static _ => 0)), LocalTime.StartOfDay(today)).ExpectedDays);
    }

    [Fact]
    public void EightWorkingHoursAfterAFriday_EndOnMondayMorningWhereSaturdaysAreWorked()
    {
        var rule = new BacklogRule { Figure = "taken_in" };
        var friday = LocalTime.DayOf(Monday) - 3;
        var history = History(Saturdays, friday - 31, friday + 3, day => day == friday ? 40 : 0);
        var tenThirty = LocalTime.StartOfDay(friday + 3) + (10 * Hour) + (Hour / 2);

        Assert.Equal(Judgement.Clear, rule.Judge(Reading(rule, history), tenThirty - 1));
        Assert.Equal(Judgement.Met, rule.Judge(Reading(rule, history), tenThirty));
    }

    private static AlertReading Reading(AlertRule rule, UnitHistory history) =>
        new(rule, "11953", history.On(history.LastDay).Denominator, null, null, HasData: true, History: history);

    private static UnitHistory History(WorkingCalendar calendar, int first, int today, Func<int, int> cases)
    {
        var from = Math.Max(first, today - PaceBaseline.CalendarDays);
        return new UnitHistory(from, [.. Enumerable.Range(from, today - from + 1).Select(day => new FigureCount(cases(day), 0, 0))], calendar);
    }

    private static bool IsSaturday(int day) => LocalTime.DateOf(day).DayOfWeek == DayOfWeek.Saturday;

    private static bool IsWeekday(int day) => LocalTime.DateOf(day).DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday);
}
