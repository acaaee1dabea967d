using KpiStream.Engine.Boards;
using KpiStream.Engine.Windowing;

namespace KpiStream.Engine.Tests.Boards;

public sealed class UnitHistoriesTests(ITestOutputHelper output)
{
    private const int Days = 60, Rounds = 40;

    private static readonly int First = LocalTime.DayOf(new DateOnly(2025, 7, 1));
    private static readonly string[] Stated = ["11953", "11977", "12466", "33", "98765"];

    /// <summary>Later cases also lie on days before all that were counted until then.</summary>
    [Theory]
    [InlineData(15_301)]
    [InlineData(15_302)]
    public async Task PastsThatFollowEarlierOnes_AreTheSumsOfAllThatWasCounted(int seed)
    {
        output.WriteLine($"seed {seed}");
        var (random, directory) = (new Random(seed), Shipped.Units("hungyen"));
        await using var engine = new StreamEngine(new EngineOptions { Rulebook = Shipped.Rulebook(), Directory = directory, Shards = 1 });
        var intake = engine.OpenIntake("test");
        var figures = engine.Rules.Figures.Where(static figure => figure.Definition.Id is "arisen" or "taken_in").ToList();
        var observed = new ObservedDays();
        observed.Add(Enumerable.Range(First, Days).Select(static day => (day, 1_000L)));
        var daily = new DailyFigures(figures, First, First + Days - 1);
        UnitHistories? before = null;
        var moved = 0;
        var begun = Days;
        for (var round = 0; round < Rounds; round++)
        {
            var changed = new HashSet<(string Unit, int Day)>();
            for (var number = random.Next(4); number > 0; number--)
            {
                var day = Math.Max(random.Next(Days), Days - (2 * round) - 2);
                (moved, begun) = (moved + (round > 0 && day < begun ? 1 : 0), Math.Min(begun, day));
                var unit = Stated[random.Next(Stated.Length)];
                Accept(intake, $"c{round}-{number}", day, unit);
                changed.Add((unit, First + day));
            }

            intake.Flush();
            Assert.Empty(intake.Counts.ByReason);
            await engine.AdvanceToAsync(LocalTime.StartOfDay(First + Days));
            List<(int Unit, int Day)> cells = [.. changed.Select(cell => (engine.Options.Codes.Units.Find(cell.Unit), cell.Day))];
            daily.Clear(cells);
            await engine.AskShardAsync(0, state =>
            {
                daily.Add(state.Ledger.Figures, cells);
                return true;
            });
            var made = UnitHistories.Of(
                daily, engine.Options.Codes.Units.Text, directory, new UnitCalendars(WorkingCalendar.WeekdaysOnly), observed, before);
            foreach (var (number, figure) in figures.Index())
            {
                foreach (var unit in directory.Rows.Select(static row => row.Code).Append("98765"))
                {
                    var expected = new FigureCount[Days];
                    foreach (var (_, rows) in daily.Units.Where(one => directory.IsAtOrBelow(engine.Options.Codes.Units.Text(one.Key), unit)))
                    {
                        expected = [.. expected.Zip(rows[number], static (sum, more) => sum + more)];
                    }

                    Assert.Equal(expected, made.Of(figure.Definition.Id, unit)?.Days ?? new FigureCount[Days]);
                }
            }

            before = made;
        }

        Assert.True(moved > 5, "the first counted day hardly ever moved: this proves nothing");
    }

    private static void Accept(Intake intake, string name, int day, string unit)
    {
        var at = InstantText.ToLocalMillis(LocalTime.StartOfDay(First + day) + 36_000_000);
        var record = $$"""{"source":"s","case":"{{name}}","at":"{{at}}","filed":"{{at}}","receiving":"{{unit}}","status":2}""";
        intake.Accept(Encoding.UTF8.GetBytes(record), new SourcePosition(0, 1), DecodeLimits.UnknownArrival);
    }
}
