using KpiStream.Engine.Alerts;

namespace KpiStream.Engine.Tests.Alerts.Measures;

/// <summary>How soon a change is found, in working days that were changed, the one on which it is found included.</summary>
public sealed class DetectionTests(ITestOutputHelper output)
{
    private const int Seed = 8_060, Units = 60, Most = 40;

    private static readonly WorkingCalendar Calendar = KpiStream.Ingest.Sources.Configuration.Rules.Shipped.Calendar;

    // Mondays of the second half of 2025, far from long closures.
    private static readonly int[] Changes = [.. Enumerable.Range(0, 12).Select(static week => LocalTime.DayOf(new DateOnly(2025, 10, 6)) + (week * 7))];

    [Fact]
    public void ARatioThatFallsFrom80To60Percent_IsFoundWithinSixWorkingDays() => FindFall(1);

    [Fact]
    [Trait("Category", "Long")]
    public void ManyRatiosThatFallFrom80To60Percent_AreFoundWithinSixWorkingDays() => FindFall(20);

    [Fact]
    public void AVolumeThatHalves_IsFoundWithinThreeWorkingDays() => FindHalving(1);

    [Fact]
    [Trait("Category", "Long")]
    public void ManyVolumesThatHalve_AreFoundWithinThreeWorkingDays() => FindHalving(20);

    private void FindFall(int times)
    {
        var rule = new RatioDropRule { Figure = "fully_online" };
        var found = Find(rule, times, dispersion: 0.025, static (_, _) => 1, static (day, change) => day < change ? 0.8 : 0.6);
        Report("alarm, ratio 80 -> 60 %", found, 6);
        Report("watch", Find(rule with { Grade = AlertGrade.Watch }, times, 0.025, static (_, _) => 1, static (day, change) => day < change ? 0.8 : 0.6), 6);
        Assert.All(found, days => Assert.InRange(days, 1, Most));
    }

    private void FindHalving(int times)
    {
        foreach (var dispersion in (double[])[0, 0.025])
        {
            var rule = new PaceRule { Figure = "arisen", Grade = AlertGrade.Watch };
            var alarm = rule with { Grade = AlertGrade.Alarm };
            Report($"watch, volume halves, dispersion {dispersion}", Find(rule, times, dispersion, HalfFrom, static (_, _) => 0.8), 3);
            Report($"alarm, volume halves, dispersion {dispersion}", Find(alarm, times, dispersion, HalfFrom, static (_, _) => 0.8), 4);
        }
    }

    private static double HalfFrom(int day, int change) => day < change ? 1 : 0.5;

    private void Report(string what, List<int> found, int most)
    {
        found.Sort();
        var median = found[found.Count / 2];
        output.WriteLine($"seed {Seed}, {found.Count} units: {what}: median {median}, 90 % within {found[found.Count * 9 / 10]} working days");
        Assert.InRange(median, 1, most);
    }

    private static List<int> Find(
        AlertRule rule, int times, double dispersion, Func<int, int, double> volumeOn, Func<int, int, double> ratioOn)
    {
        var random = new Random(Seed);
        var found = new List<int>();
        foreach (var change in Enumerable.Repeat(Changes, times).SelectMany(static one => one))
        {
            var first = change - PaceBaseline.CalendarDays - 60;
            List<SimulatedUnit> units = [.. Enumerable.Range(0, Units / Changes.Length).Select(_ => new SimulatedUnit(
                random, Calendar, first, change + (2 * Most), 20, dispersion, 0.8, day => volumeOn(day, change), day => ratioOn(day, change)))];
            List<SimulatedUnit> others =
                [.. Enumerable.Range(0, 20).Select(_ => new SimulatedUnit(random, Calendar, first, change + (2 * Most), 20, dispersion, 0.8))];
            found.AddRange(units.Select(unit => DaysUntilFound(rule, unit, others, change)));
        }

        return found;
    }

    /// <summary>Judged on the morning after each day, when it is over.</summary>
    private static int DaysUntilFound(AlertRule rule, SimulatedUnit unit, List<SimulatedUnit> others, int change)
    {
        var changed = 0;
        for (var day = change; changed < Most; day++)
        {
            changed += Calendar.IsWorkingDay(day) ? 1 : 0;
            var morning = Calendar.NextWorkingDay(day);
            var judged = new JudgedDays(Calendar, morning - PaceBaseline.CalendarDays, morning);
            var kind = rule.Kind == AlertKind.Pace ? KindHistory.Of([.. others.Select(other => other.At(morning, judged))]) : null;
            var reading = new AlertReading(rule, "1", 0, 0, 0.7, HasData: true, History: unit.At(morning, judged, kind, isMorning: true));
            if (Calendar.IsWorkingDay(day) && rule.Judge(reading, LocalTime.StartOfDay(morning) + (8 * 3_600_000L)) == Judgement.Met)
            {
                return changed;
            }
        }

        return Most + 1;
    }
}
