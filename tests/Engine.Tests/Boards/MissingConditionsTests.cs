using KpiStream.Engine.Boards;

namespace KpiStream.Engine.Tests.Boards;

/// <summary>Lanes, and what is read off them, against asking every item of every case.</summary>
public class MissingConditionsTests(ITestOutputHelper output)
{
    // The conditions that may be unknown.
    private static readonly ulong Unsure = ((Condition[])
    [
        Condition.Online, Condition.ByPost, Condition.AtCounter, Condition.FeeDue, Condition.Paid, Condition.PaidNational, Condition.PaidOnline,
            Condition.ResultElectronic,
        Condition.ResultPaper, Condition.ResultNeeded, Condition.ReturnedRemotely, Condition.NoPresence, Condition.OnTime, Condition.Signed,
            Condition.ComponentsSigned,
        Condition.ResultDigitised, Condition.Stored, Condition.ResultSynced, Condition.Digitised, Condition.Reused, Condition.VNeId, Condition.Synced,
    ]).Aggregate(0UL, (bits, condition) => bits | (1UL << (int)condition));

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
            var (numerator, unobserved) = (0, 0);
            for (var i = 0; i < 5_000; i++)
            {
                var (word, unknown) = ((ulong)random.NextInt64() | (ulong)random.NextInt64(),
                    i % 3 == 0 ? 0 : (ulong)random.NextInt64() & (ulong)random.NextInt64() & Unsure);
                var isCounted = IsCounted(figure.Definition, word);
                var lane = figure.LaneOf(word, unknown);
                Assert.Equal(isCounted, lane >= 0);
                if (!isCounted)
                {
                    continue;
                }

                lanes[lane - figure.FirstLane]++;
                var missing = (figure.Definition.Count ?? []).Where(item => TruthOf(item, word, unknown) != true).Select(item => item.Name).ToList();
                unobserved += missing.Count > 0 && figure.Definition.Count!.All(item => TruthOf(item, word, unknown) != false) ? 1 : 0;
                numerator += missing.Count == 0 ? 1 : 0;
                missing.ForEach(name => items[name] = items.GetValueOrDefault(name) + 1);
                if (missing.Count > 0)
                {
                    var set = string.Join('+', missing);
                    sets[set] = sets.GetValueOrDefault(set) + 1;
                }
            }

            Assert.Equal(figure.Definition.IsVolume ? (0, 0) : (numerator, unobserved), ((int)figure.Sum(lanes).Numerator, (int)figure.Sum(lanes).Unobserved));
            Assert.Equal(lanes.Sum(), figure.Sum(lanes).Denominator);
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
        var words = Enumerable.Range(0, 6_000).Select(_ => (ulong)random.NextInt64(1L << Conditions.Count)).ToArray();
        var lanes = new ushort[Rules.Figures.Count];
        for (var i = 0; i < 50_000; i++)
        {
            var group = Rules.Groups[random.Next(Rules.Groups.Count)];
            var word = words[random.Next(words.Length)];
            var unknown = words[random.Next(8)] & Unsure;
            Assert.Equal(lanes[..Rules.LanesOf(group, word, unknown, lanes)], sets[sets.Of(group, word, unknown)].ToArray());
        }
    }

    private static bool IsCounted(FigureDefinition figure, ulong word) =>
        Has(word, Condition.KindCase + (int)figure.Kind)
            && (figure.Linked == LinkedCases.Include || Has(word, Condition.Linked) == (figure.Linked == LinkedCases.Only))
        && figure.Of.All(item => IsMet(item, word));

    /// <summary>Null for unknown.</summary>
    private static bool? TruthOf(RuleItem item, ulong word, ulong unknown)
    {
        List<bool?> literals = [.. item.AnyOf.Select(
            literal => Has(unknown, literal.Condition) ? (bool?)null : Has(word, literal.Condition) != literal.Negated)];
        return literals.Contains(true) ? true : literals.Contains(null) ? null : false;
    }

    private static bool IsMet(RuleItem item, ulong word) => item.AnyOf.Any(literal => Has(word, literal.Condition) != literal.Negated);

    private static bool Has(ulong word, Condition condition) => (word >> (int)condition & 1) == 1;
}
