using KpiStream.Engine.Alerts;
using KpiStream.Ingest.Sources.Configuration.Alerts;
using KpiStream.Ingest.Tests.EndToEnd;
using KpiStream.Ingest.Tests.Sources.Generation;

namespace KpiStream.Ingest.Tests.Host.Serving.Alerts;

/// <summary>The rules over whole streams through the real engine.</summary>
public sealed class RulesOverTheEngineTests
{
    private const long Hour = 3_600_000;

    // The letter of July 2025, footnote 2.
    private static readonly string[] Eleven = ["12466", "12595", "12631", "12634", "12685", "12850", "12862", "13183", "13219", "13222", "13246"];

    private static readonly WorkingCalendar Calendar = Shipped.Calendar;

    private static IReadOnlyList<AlertRule> ShippedRules => AlertRulesFile.OfProgram(Shipped.Rulebook(), TestUnits.HungYen).Rules;

    [Fact]
    public async Task AStreamShapedLikeJuly2025_GivesTheElevenCommunesAtTheEndOfThe15thAndNoOther()
    {
        await using var stream = new JudgedStream(ShippedRules);
        await FeedAsync(stream, new GenerateOptions(300_000, 3, TestUnits.HungYen), Day(2025, 7, 16), async day =>
        {
            var volume = await VolumeAtAsync(stream, LocalTime.StartOfDay(day) + (16 * Hour));
            Assert.True(volume.Count == 0, $"{LocalTime.DateOf(day)}: {string.Join(", ", volume)}");
        });
        Assert.Empty(await VolumeAtAsync(stream, LocalTime.StartOfDay(Day(2025, 7, 16)) - 1));
        var named = await VolumeAtAsync(stream, LocalTime.StartOfDay(Day(2025, 7, 16)));
        Assert.Equal(Eleven, named.Select(static one => one.Unit).Order());
        Assert.All(named, static one => Assert.Equal((AlertKind.LowVolume, AlertGrade.Report), (one.Kind, one.Grade)));
    }

    [Fact]
    public async Task AFreshServerOnTodaysStream_FiresNothingInItsFirstWeek()
    {
        await using var stream = new JudgedStream(ShippedRules);
        var judged = 0;
        var options = new GenerateOptions(200_000, 15, TestUnits.HungYen) { Start = new DateOnly(2026, 11, 17) };
        await FeedAsync(stream, options, Day(2026, 11, 24), async day =>
        {
            for (var hour = 8; hour <= 23; hour += 5)
            {
                var firing = await stream.FiringAtAsync(LocalTime.StartOfDay(day) + (hour * Hour));
                judged++;
                Assert.DoesNotContain(firing, static one => one.Grade != AlertGrade.Watch);
            }
        });
        Assert.True(judged >= 20);
    }

    /// <summary>One of ten communes falls silent, then all of them do: the first is named by itself, the others by their province.</summary>
    [Fact]
    public async Task UnitsThatFallSilent_AreFoundAndAProvinceAtZeroToo()
    {
        AlertRule[] rules =
        [
            new PaceRule { Figure = "received", Scope = AlertScope.Everything }, new SilenceRule { Figure = "received", Scope = AlertScope.Everything },
        ];
        await using var stream = new JudgedStream(rules);
        List<string> communes =
            [.. stream.Engine.Options.Directory.Rows.Where(static row => row.IsCommune && row.ValidTo is null).Take(10).Select(static row => row.Code)];
        var (first, alone, all) = (Day(2026, 8, 3), Day(2026, 10, 19), Day(2026, 10, 26));
        for (var day = first; day < all; day++)
        {
            FeedDay(stream, communes.Skip(day >= alone ? 1 : 0), day);
            var firing = day >= alone - 5 ? await stream.FiringAtAsync(LocalTime.StartOfDay(day) + (16 * Hour)) : [];
            Assert.DoesNotContain(firing, one => one.Unit != communes[0]);
            Assert.True(day != alone - 1 || firing.Count == 0);
        }

        Assert.Contains((AlertKind.Pace, AlertGrade.Alarm, communes[0]), await stream.FiringAtAsync(LocalTime.StartOfDay(all) + (8 * Hour)));
        Assert.Contains((AlertKind.Silence, AlertGrade.Alarm, communes[0]), await stream.FiringAtAsync(LocalTime.StartOfDay(all) + (8 * Hour) + 1));
        FeedEndings(stream, communes[1], all);
        Assert.Contains((AlertKind.Silence, AlertGrade.Alarm, "33"), await stream.FiringAtAsync(LocalTime.StartOfDay(all) + (16 * Hour)));
        Assert.Contains((AlertKind.Pace, AlertGrade.Alarm, "33"), await stream.FiringAtAsync(LocalTime.StartOfDay(all + 1) + (8 * Hour)));
    }

    private static void FeedDay(JudgedStream stream, IEnumerable<string> communes, int day)
    {
        foreach (var commune in Calendar.IsWorkingDay(day) ? communes : [])
        {
            for (var number = 0; number < 12; number++)
            {
                var at = DateTimeOffset.FromUnixTimeMilliseconds(LocalTime.StartOfDay(day) + (8 * Hour) + (number * Hour / 2));
                stream.Feed(Encoding.UTF8.GetBytes(CaseLines.Accepted($"{commune}-{day}-{number}", commune, at)), DecodeLimits.UnknownArrival);
            }
        }
    }

    /// <summary>The source lives: cases of an earlier month end, and none comes in.</summary>
    private static void FeedEndings(JudgedStream stream, string commune, int day)
    {
        for (var number = 0; number < 120; number++)
        {
            var at = DateTimeOffset.FromUnixTimeMilliseconds(LocalTime.StartOfDay(day) + (9 * Hour) + (number * 60_000));
            var code = $"{commune}-{Calendar.AddWorkingDays(day - 60, number / 12)}-{number % 12}";
            stream.Feed(Encoding.UTF8.GetBytes(CaseLines.DoneOnline(code, at)), DecodeLimits.UnknownArrival);
        }
    }

    private static async Task<List<(AlertKind Kind, AlertGrade Grade, string Unit)>> VolumeAtAsync(JudgedStream stream, long now) =>
        [.. (await stream.FiringAtAsync(now)).Where(static one => one.Kind is AlertKind.LowVolume or AlertKind.Pace or AlertKind.Silence)];

    /// <summary>Feeds a generated stream until a day begins; judged once within each day before.</summary>
    private static async Task FeedAsync(JudgedStream stream, GenerateOptions options, int end, Func<int, Task> judge)
    {
        var (generated, judgedThrough) = (new GeneratedStream(options), LocalTime.DayOf(options.Start) - 1);
        while (generated.MoveNext() && LocalTime.DayOf(generated.Arrival) < end)
        {
            stream.Feed(generated.Line, generated.Arrival);
            if (LocalTime.DayOf(generated.Arrival) > judgedThrough + 1)
            {
                await judge(++judgedThrough);
            }
        }
    }

    private static int Day(int year, int month, int day) => LocalTime.DayOf(new DateOnly(year, month, day));
}
