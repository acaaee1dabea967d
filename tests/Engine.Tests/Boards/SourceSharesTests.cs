using KpiStream.Engine.Boards;
using KpiStream.Engine.Windowing;

namespace KpiStream.Engine.Tests.Boards;

/// <summary>Whose cases a figure counts in a unit.</summary>
public sealed class SourceSharesTests
{
    private static readonly string[] Units = ["11953", "11977", "33.TTr", "nowhere"];
    private static readonly DateTimeOffset First = new(2026, 3, 2, 1, 0, 0, TimeSpan.Zero);

    /// <summary>Against the events themselves: distinct cases, each of the source that spoke last of it, and together what the figure counts.</summary>
    [Theory]
    [InlineData(21, 1)]
    [InlineData(22, 2)]
    [InlineData(23, 3)]
    public async Task EveryCase_IsCountedOnceUnderTheSourceThatSpokeLast(int seed, int shards)
    {
        var random = new Random(seed);
        var cases = new Dictionary<int, (DateTimeOffset Filed, string Unit, long Spoke, string Source)>();
        await using var engine = new StreamEngine(new EngineOptions { Rulebook = Shipped.Rulebook(), Directory = Shipped.Units("hungyen"), Shards = shards });
        var intake = engine.OpenIntake("test");
        for (var number = 0; number < 20_000; number++)
        {
            var id = random.Next(9_000);
            var (at, source) = (First.AddSeconds(number * 97L).AddMilliseconds(number % 7), $"s{random.Next(4)}");
            var isNew = !cases.TryGetValue(id, out var known);
            known = isNew ? (at.AddHours(-random.Next(100)), Units[random.Next(Units.Length)], 0, "") : known;
            cases[id] = known with { Spoke = at.ToUnixTimeMilliseconds(), Source = source };
            var line = $"{{\"source\":\"{source}\",\"case\":\"c{id}\",\"at\":\"{InstantText.ToLocalMillis(at.ToUnixTimeMilliseconds())}\",\"status\":2"
                + (isNew ? $",\"receiving\":\"{known.Unit}\",\"filed\":\"{InstantText.ToLocalSeconds(known.Filed.ToUnixTimeMilliseconds())}\"" : "") + "}";
            intake.Accept(Encoding.UTF8.GetBytes(line), new SourcePosition(0, number + 1), at.ToUnixTimeMilliseconds());
        }

        intake.Flush();
        var figure = engine.Rules.Figures.Single(static figure => figure.Definition.Id == "arisen");
        var spans = Units.Append("33").Concat(Units.Take(2)).Select((unit, index) => new SharedSpan(
            figure, unit, LocalTime.StartOfDay(LocalTime.DayOf(First.ToUnixTimeMilliseconds()) + index), LocalTime.StartOfDay(
                LocalTime.DayOf(First.ToUnixTimeMilliseconds()) + 14 + index))).ToList();
        var shares = new SourceShares(spans, engine.Rules, engine.Successors, engine.Options.Codes.Units, engine.Options.Directory);
        for (var shard = 0; shard < shards; shard++)
        {
            for (int? from = 0; from is { } next;)
            {
                from = await engine.AskShardAsync(shard, state => state.Look(shares, next), default);
            }
        }

        Assert.Equal(
            spans.Select(span => string.Join(", ", cases.Values.Where(one =>
                    (one.Unit == span.Unit || span.Unit == "33") && one.Filed.ToUnixTimeMilliseconds() is var filed && filed >= span.From && filed < span.To)
                .GroupBy(static one => one.Source).OrderByDescending(static group => group.Count()).ThenBy(static group => group.Key, StringComparer.Ordinal)
                .Select(static group => $"{group.Key} {group.Count()}"))),
            shares.Read(engine.Options.Codes.Sources).Select(static one => string.Join(", ", one.Select(static share => $"{share.Source} {share.Cases}"))));

        // The same cases as the figure's own count of those days.
        var now = First.AddDays(60).ToUnixTimeMilliseconds();
        await engine.AdvanceToAsync(now);
        var period = Period.TryParse($"{Date(spans[0].From)}..{Date(spans[0].To - 1)}")!;
        var totals = await engine.AskAsync(state => LedgerSums.Of(
            state.Ledger.Figures, period, LocalTime.DateOf(LocalTime.DayOf(now)), LocalTime.DateOf(LocalTime.DayOf(now)), static unit => unit)!.Rows);
        var all = new UnitTotals(totals.SelectMany(static rows => rows), engine.Options.Codes.Units.Text, engine.Options.Directory);
        Assert.Equal(all.Of(spans[0].Unit, figure).Denominator, shares.Read(engine.Options.Codes.Sources)[0].Sum(static share => share.Cases));
    }

    private static string Date(long at) => LocalTime.DateOf(LocalTime.DayOf(at)).ToString("yyyy-MM-dd");
}
