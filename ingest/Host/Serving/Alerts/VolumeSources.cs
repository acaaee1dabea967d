using KpiStream.Engine.Alerts;

namespace KpiStream.Ingest.Host.Serving.Alerts;

/// <summary>
/// Says of alerts about volume whose cases they counted: the distinct cases of rule, unit and stretch, as they are now, by the source that spoke last of each.
/// Cases that have moved to a ministry's own system are seen by that. Any thread may ask.
/// </summary>
internal sealed class VolumeSources(StreamEngine engine)
{
    /// <summary>True for an alert that counts cases over a stretch of time.</summary>
    public static bool Concerns(Alert alert) => alert.Rule.Kind is AlertKind.LowVolume or AlertKind.Pace && alert.Evidence is { From: not null, To: not null };

    /// <summary>The same alerts in their order, those about volume with their sources.</summary>
    public async Task<IReadOnlyList<Alert>> WithSourcesAsync(IReadOnlyList<Alert> alerts)
    {
        var figures = engine.Rules.Figures.ToDictionary(static figure => figure.Definition.Id, StringComparer.Ordinal);
        var concerned = Enumerable.Range(0, alerts.Count).Where(index => Concerns(alerts[index]) && figures.ContainsKey(alerts[index].Rule.Figure)).ToList();
        if (concerned.Count == 0)
        {
            return alerts;
        }

        var found = await CountAsync([.. concerned.Select(index => alerts[index]).Select(alert =>
            new SharedSpan(figures[alert.Rule.Figure], alert.Unit, alert.Evidence!.From!.Value, EndOf(alert.Evidence.To!.Value)))]);
        var sourced = alerts.ToArray();
        foreach (var (index, shares) in concerned.Zip(found))
        {
            sourced[index] = sourced[index] with { Sources = shares };
        }

        return sourced;
    }

    /// <summary>Whole days end where the next begins; what ends now counts the cases of now's second too.</summary>
    private static long EndOf(long to) => LocalTime.StartOfDay(LocalTime.DayOf(to)) == to ? to : to + 1;

    /// <summary>Looks through all cases, a few thousand at a time and one shard after another, so that what comes in waits for none of it.</summary>
    private async Task<IReadOnlyList<IReadOnlyList<SourceShare>>> CountAsync(IReadOnlyList<SharedSpan> spans)
    {
        var shares = new SourceShares(spans, engine.Rules, engine.Successors, engine.Options.Codes.Units, engine.Options.Directory);
        for (var shard = 0; shard < engine.Options.Shards; shard++)
        {
            for (int? from = 0; from is { } next;)
            {
                from = await engine.AskShardAsync(shard, state => state.Look(shares, next));
            }
        }

        return shares.Read(engine.Options.Codes.Sources);
    }
}
