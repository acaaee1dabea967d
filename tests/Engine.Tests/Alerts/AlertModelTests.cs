using KpiStream.Engine.Alerts;

namespace KpiStream.Engine.Tests.Alerts;

/// <summary>The alert engine against a model that keeps the whole history and reads the state off it afresh each time.</summary>
public sealed class AlertModelTests(ITestOutputHelper output)
{
    private static readonly string[] Units = ["a", "b", "c"];
    private static readonly long[] Holds = [0, 1, 500, 2_000];

    [Fact]
    public void RandomReadings_GiveTheStatesOfTheModel()
    {
        for (var seed = 1; seed <= 300; seed++)
        {
            output.WriteLine($"seed {seed}");
            Compare(new Random(seed));
        }
    }

    private static void Compare(Random random)
    {
        var engine = new AlertEngine(AlertLimits.Default);
        var rules = Holds.Select((hold, i) => new BelowTargetRule
        {
            Figure = $"f{i}",
            Over = Period.TryParse("30d")!,
            MinCount = 20,
            HoldMillis = hold,
        }).ToList();
        var history = rules.SelectMany(rule => Units.Select(unit => (rule.Figure, unit))).ToDictionary(key => key, _ => new List<(long At, Judgement What)>());
        var states = history.Keys.ToDictionary(key => key, _ => AlertState.Inactive);
        var resolutions = 0;
        var now = 1_752_000_000_000L;
        for (var step = 0; step < 60; step++)
        {
            now += random.Next(0, 700);
            if (random.Next(8) == 0)
            {
                engine = Restarted(engine, rules);
                foreach (var unknown in history.Values)
                {
                    unknown.Add((now, Judgement.Missing));
                }
            }

            var readings = new List<AlertReading>();
            var expected = new List<string>();
            foreach (var rule in rules)
            {
                foreach (var unit in Units)
                {
                    var key = (rule.Figure, unit);
                    var what = (Judgement)random.Next(0, 3);
                    history[key].Add((now, what));
                    var before = states[key];
                    var after = StateOf(history[key], rule.HoldMillis, before);
                    states[key] = after == AlertState.Resolved ? AlertState.Inactive : after;
                    resolutions += after == AlertState.Resolved ? 1 : 0;
                    if (after != before)
                    {
                        expected.Add($"{rule.Figure}/{unit} {before} {after}");
                    }

                    if (what != Judgement.Missing || random.Next(2) == 0)
                    {
                        readings.Add(new AlertReading(rule, unit, 100, what == Judgement.Met ? 10 : 90, 0.7, what != Judgement.Missing));
                    }
                }
            }

            random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(readings));
            var evaluation = engine.Evaluate(readings, now);

            Assert.Equal(expected.Order(), evaluation.Transitions
                .Select(change => $"{change.Alert.Rule.Figure}/{change.Alert.Unit} {change.From} {change.Alert.State}").Order());
            foreach (var (figure, unit) in history.Keys)
            {
                var alert = evaluation.Current.SingleOrDefault(a => a.Rule.Figure == figure && a.Unit == unit && a.State != AlertState.Resolved);
                Assert.Equal(states[(figure, unit)], alert?.State ?? AlertState.Inactive);
            }

            Assert.Equal(resolutions, evaluation.Current.Count(alert => alert.State == AlertState.Resolved));
        }
    }

    /// <summary>Another engine that knows what this one knew, beside what no rule asks for any more.</summary>
    private static AlertEngine Restarted(AlertEngine before, IReadOnlyList<AlertRule> rules)
    {
        var engine = new AlertEngine(AlertLimits.Default);
        var known = before.Remember();
        engine.Recall([.. known, .. known.Where(alert => alert.ResolvedAt is null), .. known.Take(3)
            .Select(alert => alert with { Rule = "below_target:gone:1h" })], rules);
        Assert.Equal(known, engine.Remember());
        return engine;
    }

    /// <summary>Looks only at what came after the last clear reading: the time between neighbours that both met the condition is what was held.</summary>
    private static AlertState StateOf(List<(long At, Judgement What)> history, long hold, AlertState before)
    {
        if (history[^1].What == Judgement.Clear)
        {
            return before == AlertState.Firing ? AlertState.Resolved : AlertState.Inactive;
        }

        var episode = history.Skip(history.FindLastIndex(entry => entry.What == Judgement.Clear) + 1).ToList();
        if (!episode.Exists(entry => entry.What == Judgement.Met))
        {
            return AlertState.Inactive;
        }

        var held = episode.Zip(episode.Skip(1)).Where(pair => pair.First.What == Judgement.Met && pair.Second.What == Judgement.Met)
            .Sum(pair => pair.Second.At - pair.First.At);
        return held >= hold ? AlertState.Firing : AlertState.Pending;
    }
}
