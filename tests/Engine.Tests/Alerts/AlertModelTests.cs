using KpiStream.Engine.Alerts;

namespace KpiStream.Engine.Tests.Alerts;

/// <summary>The alert engine against a model that keeps the whole history and reads the state off it afresh each time.</summary>
public sealed class AlertModelTests(ITestOutputHelper output)
{
    private static readonly string[] Units = ["a", "b", "c"];
    private static readonly string[] Sources = ["s", "t"];
    private static readonly (long Hold, long Clear)[] Holds = [(0, 0), (1, 0), (500, 800), (2_000, 0), (0, 1_500)];

    [Fact]
    public void RandomReadings_GiveTheStatesOfTheModel()
    {
        for (var seed = 1; seed <= 300; seed++)
        {
            output.WriteLine($"seed {seed}");
            new Comparison(new Random(seed)).Run();
        }
    }

    /// <summary>Source s feeds a and b, source t all three.</summary>
    private static bool Feeds(string source, string unit) => source == "t" || unit != "c";

    /// <summary>Looks only at what came since the last end: the time between neighbours that said the same is what was held.</summary>
    private static AlertState StateOf(IReadOnlyList<(long At, Judgement What)> episode, long hold, long clearHold)
    {
        var firedAt = Enumerable.Range(1, episode.Count)
            .FirstOrDefault(count => episode[count - 1].What == Judgement.Met && Held(episode.Take(count), Judgement.Met) >= hold);
        if (firedAt == 0)
        {
            return episode[^1].What == Judgement.Clear || episode.All(static entry => entry.What != Judgement.Met) ? AlertState.Inactive : AlertState.Pending;
        }

        var sinceMet = episode.Reverse().TakeWhile(static entry => entry.What != Judgement.Met).Reverse().ToList();
        return sinceMet.All(static entry => entry.What != Judgement.Clear) ? AlertState.Firing
            : episode[^1].What == Judgement.Clear && Held(sinceMet, Judgement.Clear) >= clearHold ? AlertState.Resolved
            : AlertState.Resolving;
    }

    private static long Held(IEnumerable<(long At, Judgement What)> entries, Judgement what) =>
        entries.Zip(entries.Skip(1)).Where(pair => pair.First.What == what && pair.Second.What == what).Sum(static pair => pair.Second.At - pair.First.At);

    private sealed class Comparison(Random random)
    {
        private readonly List<StatedRule> rules =
        [
            .. Holds.Select(static (hold, i) => new StatedRule($"f{i}") { HoldMillis = hold.Hold, ClearHoldMillis = hold.Clear }),
            new StatedRule("source", AlertKind.Source) { HoldMillis = 600, ClearHoldMillis = 300 },
            new StatedRule("check", AlertKind.SelfCheck),
        ];

        private readonly Dictionary<(StatedRule Rule, string Unit), List<(long At, Judgement What)>> episodes = [];
        private readonly Dictionary<(StatedRule Rule, string Unit), AlertState> states = [];
        private readonly Dictionary<string, string> notes = [];
        private AlertEngine engine = new(AlertLimits.Default);
        private int resolutions;

        public void Run()
        {
            foreach (var key in rules.SelectMany(static rule => (rule.Kind == AlertKind.Source ? Sources : Units).Select(unit => (rule, unit))))
            {
                (episodes[key], states[key]) = ([], AlertState.Inactive);
            }

            var now = 1_752_000_000_000L;
            for (var step = 0; step < 60; step++)
            {
                now += random.Next(1, 700);
                Disturb(now);
                var readings = rules.SelectMany(rule => states.Keys.Where(key => key.Rule == rule)).Select(key => (key, What: Draw(key.Rule))).ToList();
                var evaluation = engine.Evaluate(Given(readings), now, Feeds);
                var expected = Expect(readings, now);
                Assert.Equal(expected.Order(), evaluation.Transitions.Select(static change => Text(change.Alert.Rule, change.Alert.Unit, change.From, change
                    .Alert.State)).Order());
                Check(evaluation);
                Acknowledge(evaluation, now);
            }
        }

        private static string Text(AlertRule rule, string unit, AlertState from, AlertState to) => $"{rule.Figure}/{unit} {from} {to}";

        // Sources are mostly well.
        private Judgement Draw(StatedRule rule) =>
            rule.Kind == AlertKind.Source && random.Next(3) > 0 ? Judgement.Clear : (Judgement)random.Next(0, 4);

        /// <summary>A restart, or a clock put forward: what held across it nobody knows.</summary>
        private void Disturb(long now)
        {
            var what = random.Next(12);
            if (what > 1)
            {
                return;
            }

            if (what == 0)
            {
                engine = Restarted(engine, rules);
            }
            else
            {
                engine.Interrupt();
            }

            foreach (var episode in episodes.Values)
            {
                episode.Add((now, Judgement.Missing));
            }
        }

        /// <summary>In any order; what is missing is left out half of the time, and some is said twice, of which the first counts.</summary>
        private List<AlertReading> Given(List<((StatedRule Rule, string Unit) Key, Judgement What)> readings)
        {
            var given = readings.Where(one => one.What != Judgement.Missing || random.Next(2) == 0)
                .Select(static one => one.Key.Rule.Says(one.Key.Unit, one.What)).ToArray();
            random.Shuffle(given);
            return [.. given, .. given.Take(2).Select(static one => one with { Denominator = 3 - one.Denominator })];
        }

        private List<string> Expect(List<((StatedRule Rule, string Unit) Key, Judgement What)> readings, long now)
        {
            var expected = new List<string>();
            foreach (var (key, what) in readings.OrderBy(static one => one.Key.Rule.Kind.IsBusiness()))
            {
                var isHeld = key.Rule.Kind.IsBusiness()
                    && states.Any(other => other.Key.Rule.Kind == AlertKind.Source && other.Value != AlertState.Inactive && Feeds(other.Key.Unit, key.Unit));
                episodes[key].Add((now, isHeld ? Judgement.Missing : what));
                var (before, after) = (states[key], StateOf(episodes[key], key.Rule.HoldMillis, key.Rule.ClearHoldMillis));
                if (after != before)
                {
                    expected.Add(Text(key.Rule, key.Unit, before, after));
                }

                if (after is AlertState.Resolved or AlertState.Inactive)
                {
                    episodes[key].Clear();
                    resolutions += after == AlertState.Resolved ? 1 : 0;
                }

                states[key] = after == AlertState.Resolved ? AlertState.Inactive : after;
            }

            return expected;
        }

        private void Check(AlertEvaluation evaluation)
        {
            Assert.Equal(resolutions, evaluation.Current.Count(static alert => alert.State == AlertState.Resolved));
            foreach (var (key, state) in states)
            {
                var alert = evaluation.Current.SingleOrDefault(alert => alert.Rule == key.Rule && alert.Unit == key.Unit && alert.ResolvedAt is null);
                Assert.Equal(state, alert?.State ?? AlertState.Inactive);
                if (alert is null)
                {
                    continue;
                }

                Assert.Equal(episodes[key][^1].What == Judgement.Missing, alert.IsMissing);
                Assert.Equal(notes.GetValueOrDefault(alert.Id), alert.Acknowledged?.Note);
                var fires = states.Where(other => other.Key.Rule.Kind == AlertKind.Source && other.Value is AlertState.Firing or AlertState.Resolving);
                Assert.Equal(key.Rule.Kind.IsBusiness() && fires.Any(other => Feeds(other.Key.Unit, key.Unit)), alert.InhibitedBy is not null);
            }
        }

        private void Acknowledge(AlertEvaluation evaluation, long now)
        {
            if (evaluation.Current.Count == 0 || random.Next(4) > 0)
            {
                return;
            }

            var alert = evaluation.Current[random.Next(evaluation.Current.Count)];
            var taken = engine.Acknowledge(alert.Id, new Acknowledgement("An", now, $"{now}"));
            Assert.Equal(alert.State != AlertState.Resolved, taken is not null);
            if (taken is not null)
            {
                notes[alert.Id] = $"{now}";
            }
        }

        /// <summary>Another engine that knows what this one knew, beside what no rule asks for any more.</summary>
        private static AlertEngine Restarted(AlertEngine before, IReadOnlyList<AlertRule> rules)
        {
            var next = new AlertEngine(AlertLimits.Default);
            var known = before.Remember();
            next.Recall([.. known, .. known.Where(static alert => alert.ResolvedAt is null), .. known.Take(3)
                .Select(static alert => alert with { Rule = "below_target:gone:1h" })], rules);
            Assert.Equal(known, next.Remember());
            return next;
        }
    }
}
