using KpiStream.Engine.Alerts;
using KpiStream.Engine.Cases;
using KpiStream.Engine.Kpis;
using KpiStream.Engine.Units;

namespace KpiStream.Engine.Boards;

/// <summary>Which cases are told apart by source: those of a figure, in a unit and all below it, in a stretch of time.</summary>
/// <param name="Figure">The figure; its denominator is meant.</param>
/// <param name="Unit">The unit's code.</param>
/// <param name="From">Milliseconds since 1970 UTC, a whole second.</param>
/// <param name="To">Likewise, not included.</param>
public readonly record struct SharedSpan(CompiledFigure Figure, string Unit, long From, long To);

/// <summary>
/// Counts the cases of some spans by the source that spoke last of each, some cases of a table at a time so that the shard is never held up. Exact: together
/// they are the figure's denominator. Bound: spans times sources; sources are few. Owned by who asks.
/// </summary>
public sealed class SourceShares
{
    /// <summary>Cases looked at in one step: well under a millisecond.</summary>
    public const int Step = 4_096;

    private readonly ContributionReader contributions;
    private readonly CodeTable units;
    private readonly UnitDirectory directory;
    private readonly (int Group, SharedSpan Span, Dictionary<int, long> BySource)[] spans;
    private readonly Dictionary<int, int[]> within = [];

    /// <param name="spans">What is asked.</param>
    /// <param name="rules">The figures.</param>
    /// <param name="successors">Follows units to their successors.</param>
    /// <param name="units">The engine's table of unit codes.</param>
    /// <param name="directory">What is below a unit.</param>
    public SourceShares(IEnumerable<SharedSpan> spans, CompiledRulebook rules, UnitSuccessors successors, CodeTable units, UnitDirectory directory)
    {
        (contributions, this.units, this.directory) = (new ContributionReader(rules, successors), units, directory);
        this.spans = [.. spans.Select(static span => (CompiledRulebook.GroupOf(span.Figure.Definition), span, new Dictionary<int, long>()))];
    }

    /// <summary>Looks at the cases from a number on; on the table's own thread.</summary>
    /// <returns>The number to go on with; null at the end.</returns>
    public int? Look(CaseTable cases, CaseFactsReader reader, int from)
    {
        var end = Math.Min(cases.Count, from + Step);
        for (var number = from; number < end; number++)
        {
            cases.Read(number, out var record);
            Count(in record, reader.Read(in record));
        }

        return end < cases.Count ? end : null;
    }

    /// <summary>By span, in the order asked: the source of most cases first.</summary>
    /// <param name="sources">The engine's table of source names.</param>
    public IReadOnlyList<IReadOnlyList<SourceShare>> Read(CodeTable sources) => [.. spans.Select(span => (IReadOnlyList<SourceShare>)
        [.. span.BySource.Select(one => new SourceShare(sources.Text(one.Key), one.Value)).OrderByDescending(static one => one.Cases)
            .ThenBy(static one => one.Source, StringComparer.Ordinal)])];

    private void Count(in CaseRecord record, in CaseFacts facts)
    {
        var (group, place) = (-1, default(Place));
        foreach (var (own, span, bySource) in spans)
        {
            if (!ContributionReader.IsPlaced(own, in facts) || span.Figure.LaneOf(facts.Conditions, facts.Unknown) < 0)
            {
                continue;
            }

            if (own != group)
            {
                (group, place) = (own, contributions.PlaceOf(own, in facts));
            }

            var at = place.Second * LocalTime.MillisPerSecond;
            if (at >= span.From && at < span.To && IsWithin(place.Unit, span.Unit))
            {
                bySource[record.Values.Source] = bySource.GetValueOrDefault(record.Values.Source) + 1;
            }
        }
    }

    private bool IsWithin(int unit, string asked)
    {
        if (!within.TryGetValue(unit, out var known))
        {
            var code = units.Text(unit);
            known = within[unit] = [.. spans.Select(static span => span.Span.Unit).Index().Where(one => directory.IsAtOrBelow(code, one.Item))
                .Select(static one => one.Index)];
        }

        return known.Any(place => spans[place].Span.Unit == asked);
    }
}
