using KpiStream.Engine.Alerts;

namespace KpiStream.Engine.Tests.Alerts;

/// <summary>Which source feeds which unit, by what their events state.</summary>
public sealed class FedUnitsTests
{
    private const uint Units = (1u << (int)CaseKey.Receiving) | (1u << (int)CaseKey.Handling);

    private static readonly string[] Codes = ["", "11953", "11977", "33.TTr", "33", "elsewhere"];
    private static readonly int First = LocalTime.DayOf(new DateOnly(2026, 1, 1));

    /// <summary>Against all events ever told: shards, restarts and the order of events change nothing.</summary>
    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(14)]
    public void WhatASourceFeeds_IsWhatItsNewestThirtyDaysStated(int seed)
    {
        var (random, directory, told) = (new Random(seed), Shipped.Units("hungyen"), new List<(string Source, int Day, string Receiving, string Handling)>());
        var (sources, units) = (new CodeTable(), new CodeTable());
        StreamCounter[] shards = [new(sources, units), new(sources, units)];
        for (var number = 0; number < 3_000; number++)
        {
            var source = $"s{random.Next(4)}";
            var most = source == "s3" && number > 300 ? 1 : Codes.Length;
            var (receiving, handling) = (Codes[random.Next(most)], Codes[random.Next(most)]);
            var day = First + (source == "s2" ? Math.Min(number, 1_000) : number) / 30 + (random.Next(9) == 0 ? -random.Next(90) : 0);
            told.Add((source, day, receiving, handling));
            var shard = random.Next(2);
            Add(shards[shard], sources, units, source, day, receiving, handling);
            if (random.Next(300) == 0)
            {
                var saved = shards[shard].Copy();
                shards[shard] = new StreamCounter(sources, units);
                shards[shard].Add(saved);
            }

            if (random.Next(60) == 0)
            {
                Same(told, new FedUnits(() => shards[0].Copy().With(shards[1].Copy()), directory, day));
            }
        }
    }

    [Fact]
    public void UnitsOfBeforeTheyWereCounted_AreUnknownUntilThirtyDaysLater()
    {
        var (sources, units) = (new CodeTable(), new CodeTable());
        var counter = new StreamCounter(sources, units);
        Add(counter, sources, units, "a", First, "11953", "11953");
        var old = counter.Copy() with { Sources = [.. counter.Copy().Sources.Select(static source => source with { Units = new Dictionary<string, int>() })] };
        counter = new StreamCounter(sources, units);
        counter.Add(old with { UnitsSince = First });
        for (var day = First + 1; day <= First + 40; day++)
        {
            Add(counter, sources, units, "a", day, "11977", "11977");
            var fed = new FedUnits(counter.Copy, Shipped.Units("hungyen"), day);
            Assert.Equal(day <= First + 30, fed.Feeds("a", "11953"));
            Assert.True(fed.Feeds("a", "11977"));
        }
    }

    [Fact]
    public void MoreUnitsThanAreToldApart_AreOneAndDoNotHideThoseOfTheDirectory()
    {
        var (sources, units) = (new CodeTable(), new CodeTable());
        var counter = new StreamCounter(sources, units);
        for (var number = 0; number < 20_000; number++)
        {
            Add(counter, sources, units, "a", First, $"x{number}", number == 0 ? "11953" : "");
        }

        var fed = new FedUnits(counter.Copy, Shipped.Units("hungyen"), First);
        Assert.Equal(16_385, Assert.Single(counter.Copy().Sources).Units.Count);
        Assert.Equal([true, false, true, true], ((string[])["11953", "11977", "x19999", "y"]).Select(unit => fed.Feeds("a", unit)));
        Assert.Null(fed.Of("b"));
        Assert.True(fed.Feeds("b", "11953"));
    }

    private static void Same(List<(string Source, int Day, string Receiving, string Handling)> told, FedUnits fed)
    {
        foreach (var source in told.GroupBy(static one => one.Source))
        {
            var newest = source.Max(static one => one.Day);
            var days = source.Select(static one => one.Day).Distinct().OrderDescending().Take(32).ToHashSet();
            var late = source.Where(one => days.Contains(one.Day)).ToList();
            var stating = late.GroupBy(static one => one.Day).Sum(static day =>
                Math.Max(day.Count(static one => one.Receiving.Length > 0), day.Count(static one => one.Handling.Length > 0)));
            var own = source.Where(one => one.Day > newest - 30).SelectMany(static one => (string[])[one.Receiving, one.Handling])
                .Where(static unit => unit.Length > 0).Distinct().Order(StringComparer.Ordinal).ToList();
            var isKnown = own.Count > 0 && stating * 10 >= late.Count;
            Assert.Equal(isKnown ? own : null, fed.Of(source.Key));
            foreach (var unit in Codes[1..])
            {
                Assert.Equal(!isKnown || own.Contains(unit) || (unit == "33" && own.Count > 0), fed.Feeds(source.Key, unit));
            }

            Assert.Equal(!isKnown, fed.Feeds(source.Key, "12091"));
        }
    }

    private static void Add(StreamCounter counter, CodeTable sources, CodeTable units, string source, int day, string receiving, string handling)
    {
        var stated = CaseKeys.Required | (receiving.Length > 0 ? 1u << (int)CaseKey.Receiving : 0) | (handling.Length > 0 ? 1u << (int)CaseKey.Handling : 0);
        var counted = new CaseEvent { Stated = stated & (CaseKeys.Required | Units), Stamp = new Stamp(LocalTime.StartOfDay(day), 0) };
        (counted.Values.Source, counted.Values.Receiving, counted.Values.Handling) =
            (sources.Intern(source), units.Intern(receiving), units.Intern(handling));
        counter.Add(in counted);
    }
}
