using KpiStream.Engine.Alerts;

namespace KpiStream.Engine.Tests.Alerts;

/// <summary>Keys that a source states no longer.</summary>
public sealed class DroppedKeysTests
{
    private const CaseKey Key = CaseKey.Channel;
    private const long Hour = 3_600_000;
    private static readonly int Monday = LocalTime.DayOf(new DateOnly(2025, 9, 8));
    private static readonly DroppedKeysRule Rule = new() { Figure = "" };

    /// <summary>From 62 events on none is proof enough of less than a fifth; and a day of few events says nothing.</summary>
    [Theory]
    [InlineData(0, 61, Judgement.Between)]
    [InlineData(0, 62, Judgement.Met)]
    [InlineData(6, 140, Judgement.Met)]
    [InlineData(14, 140, Judgement.Between)]
    [InlineData(60, 140, Judgement.Between)]
    [InlineData(68, 140, Judgement.Clear)]
    [InlineData(140, 140, Judgement.Clear)]
    [InlineData(0, 39, Judgement.Between)]
    public void ADay_IsJudgedByWhatChanceAllows(long stated, long events, Judgement expected)
    {
        DayKeys[] days = [.. Enumerable.Range(-14, 14).Select(static day => Day(Monday + day, 159, 160)), Day(Monday, stated, events)];
        Assert.Equal(expected, Judge(days, 14));
        Assert.Equal(Judgement.Between, Judge(days, 9)); // a job at night may be all there is
        Assert.Equal(Judgement.Between, Judge(days, 20));
        Assert.Equal(expected, Judge([.. days, Day(Monday + 400, 1, 1_000)], 14)); // somebody's clock
    }

    [Fact]
    public void Evidence_NamesKeyDayAndShares()
    {
        DayKeys[] days =
        [
            .. Enumerable.Range(-14, 12).Select(static day => Day(Monday + day, 99, 100)),
            Day(Monday - 2, 40, 100), Day(Monday - 1, 1, 100), Day(Monday, 0, 60),
        ];
        var key = Assert.Single(Rule.Evidence(Reading(days), At(14)).Keys!);
        Assert.Equal(("channel", 1_228, 1_300, 1, 160, Monday - 1), (key.Key, key.StatedBefore, key.EventsBefore, key.Stated, key.Events, key.Since));

        // The chance of one at most of 160, where one in five does: summed up by hand.
        Assert.Equal(Math.Pow(0.8, 160) + (160 * 0.2 * Math.Pow(0.8, 159)), key.Chance, 1e-20);
        Assert.Equal(LocalTime.StartOfDay(Monday - 1), Rule.Evidence(Reading(days), At(14)).From);
    }

    [Fact]
    public void WithoutAWeekOfDaysOrAUsualKey_NothingIsSaid()
    {
        DayKeys[] four = [.. Enumerable.Range(-4, 4).Select(static day => Day(Monday + day, 1_000, 1_000)), Day(Monday, 0, 1_000)];
        Assert.Equal(Judgement.Between, Judge(four, 14));
        DayKeys[] unusual = [.. Enumerable.Range(-14, 14).Select(static day => Day(Monday + day, 750, 1_000)), Day(Monday, 0, 1_000)];
        Assert.Equal(Judgement.Clear, Judge(unusual, 14));
        Assert.Equal(Judgement.Missing, Rule.Judge(new AlertReading(Rule, "igate", 0, null, null, HasData: true), At(14)));
        Assert.Equal(Judgement.Missing, Rule.Judge(Reading(four) with { HasData = false }, At(14)));
    }

    /// <summary>What has stayed so for a month is the source's way by now.</summary>
    [Fact]
    public void ADrop_IsToldUntilItIsKnownForAMonth()
    {
        for (var since = 0; since < 32; since++)
        {
            DayKeys[] days = [.. Enumerable.Range(0, 32).Select(day => Day(Monday - 31 + day, day < 31 - since ? 500 : 0, 500))];
            Assert.Equal(since <= 26 ? Judgement.Met : Judgement.Clear, Judge(days, 14));
        }
    }

    /// <summary>
    /// 60 sources for four months, by the hour: days that vary, weekends, a nightly job that states little, once a week a large one. Then each drops the
    /// key at some hour.
    /// </summary>
    [Fact]
    public void HealthySources_AreNeverNamedAndAChangeIsFoundOnTheNextWorkingDay()
    {
        const int seed = 41;
        var (random, calendar, late) = (new Random(seed), WorkingCalendar.WeekdaysOnly, 0);
        for (var source = 0; source < 60; source++)
        {
            var perHour = (int)Math.Exp(2.5 + (5 * random.NextDouble()));
            var nightly = random.NextDouble() * 0.1;
            var change = Monday + 119 + random.Next(5);
            var changeHour = 8 + random.Next(9);
            var days = new List<DayKeys>();
            var foundOn = 0L;
            for (var day = Monday; day < change + 7 && foundOn == 0; day++)
            {
                var (stated, events) = (0L, 0L);
                var isWorked = calendar.IsWorkingDay(day);
                for (var hour = 0; hour < 18 && foundOn == 0; hour++)
                {
                    var usual = (long)(perHour * Math.Exp(random.NextDouble() - 0.5) * (isWorked ? hour is >= 7 and < 17 ? 1 : 0.02 : 0.04));
                    var job = hour == 2 ? (long)(perHour * 10 * nightly * (KindHistory.WeekdayOf(day) == 0 ? 5 : 1)) : 0;
                    var dropped = day > change || (day == change && hour >= changeHour);
                    (events, stated) = (events + usual + job, stated + (dropped ? 0 : usual - (usual / 50)));
                    if (hour is >= 9 and < 17 && Judge([.. days.TakeLast(31), Day(day, stated, events)], hour + 1, day) == Judgement.Met)
                    {
                        Assert.True(dropped, $"seed {seed}, source {source}, day {day - Monday}, {hour + 1}:00");
                        foundOn = At(hour + 1, day);
                    }
                }

                days.Add(Day(day, stated, events));
            }

            Assert.True(foundOn > 0, $"source {source} of {perHour} an hour: not found");
            late += foundOn > LocalTime.StartOfDay(calendar.NextWorkingDay(change)) + (14 * Hour) ? 1 : 0;
        }

        Assert.InRange(late, 0, 6); // those of ten events an hour
    }

    private static Judgement Judge(IReadOnlyList<DayKeys> days, int hour, int? day = null) => Rule.Judge(Reading(days), At(hour, day));

    private static AlertReading Reading(IReadOnlyList<DayKeys> days) =>
        new(Rule, "igate", 0, null, null, HasData: true) { Keys = new KeyHistory(days, WorkingCalendar.WeekdaysOnly) };

    private static long At(int hour, int? day = null) => LocalTime.StartOfDay(day ?? Monday) + (hour * Hour);

    /// <summary>A day of which other keys than the one are always stated, or never.</summary>
    private static DayKeys Day(int day, long stated, long events)
    {
        var counts = new long[CaseKeys.Count];
        counts[(int)CaseKey.Source] = counts[(int)CaseKey.Status] = events;
        counts[(int)Key] = stated;
        return new DayKeys(day, counts);
    }
}
