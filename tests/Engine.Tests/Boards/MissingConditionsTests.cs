using KpiStream.Engine.Boards;
using KpiStream.Engine.Kpis;
using KpiStream.Ingest.Sources.Configuration;
using Xunit;
using Xunit.Abstractions;

namespace KpiStream.Engine.Tests.Boards;

/// <summary>Lanes, and what is read off them, against asking every item of every case.</summary>
public class MissingConditionsTests(ITestOutputHelper output)
{
    private static readonly CompiledRulebook Rules = new(Shipped.Rulebook());

    [Fact]
    public void RandomConditions_AreCountedByItemAndByExactSetAsAskingEachItemCounts()
    {
        const int seed = 41;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        foreach (var figure in Rules.Figures)
        {
            var lanes = new int[figure.LaneCount];
            var items = new Dictionary<string, long>();
            var sets = new Dictionary<string, long>();
            var numerator = 0;
            for (var i = 0; i < 5_000; i++)
            {
                var word = (ulong)random.NextInt64() | (ulong)random.NextInt64();
                var isCounted = IsCounted(figure.Definition, word);
                var lane = figure.LaneOf(word);
                Assert.Equal(isCounted, lane >= 0);
                if (!isCounted)
                {
                    continue;
                }

                lanes[lane - figure.FirstLane]++;
                var missing = (figure.Definition.Count ?? []).Where(item => !IsMet(item, word)).Select(item => item.Name).ToList();
                numerator += missing.Count == 0 ? 1 : 0;
                missing.ForEach(name => items[name] = items.GetValueOrDefault(name) + 1);
                if (missing.Count > 0)
                {
                    var set = string.Join('+', missing);
                    sets[set] = sets.GetValueOrDefault(set) + 1;
                }
            }

            Assert.Equal(numerator, lanes[0]);
            Assert.Equal(items.OrderBy(item => item.Key), MissingConditions.Items(figure, lanes).Where(item => item.Value > 0).OrderBy(item => item.Key));
            Assert.Equal(sets.OrderBy(set => set.Key), MissingConditions.Sets(figure, lanes).OrderBy(set => set.Key));
        }
    }

    [Fact]
    public void ASetOfLanes_IsWhatTheRulesGiveWhateverIsRemembered()
    {
        const int seed = 42;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var sets = new LaneSets(Rules);
        var words = Enumerable.Range(0, 6_000).Select(_ => (ulong)random.NextInt64(1L << 36)).ToArray();
        var lanes = new ushort[Rules.Figures.Count];
        for (var i = 0; i < 50_000; i++)
        {
            var group = Rules.Groups[random.Next(Rules.Groups.Count)];
            var word = words[random.Next(words.Length)];
            Assert.Equal(lanes[..Rules.LanesOf(group, word, lanes)], sets[sets.Of(group, word)].ToArray());
        }
    }

    private static bool IsCounted(FigureDefinition figure, ulong word) =>
        Has(word, Condition.KindCase + (int)figure.Kind) && !Has(word, Condition.Linked) && figure.Of.All(item => IsMet(item, word));

    private static bool IsMet(RuleItem item, ulong word) => item.AnyOf.Any(literal => Has(word, literal.Condition) != literal.Negated);

    private static bool Has(ulong word, Condition condition) => (word >> (int)condition & 1) == 1;
}
