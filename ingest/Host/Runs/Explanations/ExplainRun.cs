using KpiStream.Engine.Alerts;
using KpiStream.Ingest.Host.Runs.Backtests;
using KpiStream.Ingest.Host.Serving.Alerts;

namespace KpiStream.Ingest.Host.Runs.Explanations;

/// <summary>
/// Judges the decisions about one alert again: the log up to the positions of each tick → the engine on a stepped shard → the rules of that tick → the
/// alert's life. What a server decided by its own clock (whether data was missing, which sources were silent) is taken from the tick.
/// </summary>
internal sealed class ExplainRun(ExplainPlan plan)
{
    private readonly ReplayClock clock = new();
    private readonly List<Func<bool>> steps = [];
    private readonly RulesThen rules = new(plan.Folder, plan.Loaded);
    private readonly CalendarsThen calendars = new(plan.Folder, plan.Loaded);
    private readonly AlertText text = new(plan.Loaded.Rulebook, plan.Loaded.Units);

    /// <summary>Null when no alert of this id is known.</summary>
    public async Task<Explanation?> RunAsync(CancellationToken stop)
    {
        var kept = AlertHistory.Read(Path.Combine(plan.Folder, AlertHistory.FileName), plan.Id).Where(static one => one.Entry.From is not null).ToList();
        if (kept is not [(_, var first), ..])
        {
            return null;
        }

        Explanation Unexplained(string why) =>
            new([.. kept.Select(static one => new ExplainedDecision(one.Entry, one.Line, null, null) { IsKnown = false })]) { Obstacle = why };
        if (first.Kind is { } kind && !kind.IsBusiness())
        {
            var why = $"alerts of kind {AlertRule.TextOf(kind)} are judged by the server's own clock and by what it heard of others, which no log holds";
            return Unexplained(why) with
            {
                IsByClock = true,
            };
        }

        var path = TickPath.Of(AlertTickLog.Read(plan.Folder), first, kept[^1].Entry.At);
        if (path.Obstacle.Length > 0)
        {
            return Unexplained(path.Obstacle);
        }

        var obstacle = calendars.FindObstacle(path.All) is { Length: > 0 } found ? found : rules.FindObstacle(path.All);
        return obstacle.Length > 0 ? Unexplained(obstacle) : await JudgeAsync(kept, path, stop);
    }

    /// <summary>The rule as it was in force at a decision, with its thresholds; null where that is not known.</summary>
    public string? ConditionOf(ExplainedDecision decision) => decision.Tick is not { } tick ? null
        : rules.Of(tick).FirstOrDefault(rule => rule.Id == decision.Shown.Rule) is { } rule ? $"{Said(rule)}; of {rules.SetOf(tick)}" : "is in force no more";

    /// <summary>What a rule's condition rests on, by name; what has no value does not matter.</summary>
    private static string Said(AlertRule rule)
    {
        var parts = rule.GetType().GetProperties().Where(static property => property.Name is not (nameof(BelowTargetRule.Over) or nameof(AlertRule.Kind)))
            .Select(property => (property.Name, Value: property.GetValue(rule) is Period period ? period.Name : property.GetValue(rule)))
            .Where(static part => part.Value is long or int or double or DateOnly or Enum || part.Name == nameof(AlertRule.Period));
        return string.Join(", ", parts.Select(static part => string.Create(
            CultureInfo.InvariantCulture, $"{JsonNamingPolicy.SnakeCaseLower.ConvertName(part.Name)} {part.Value}")));
    }

    private async Task<Explanation> JudgeAsync(List<(byte[] Line, AlertHistoryEntry Entry)> kept, TickPath path, CancellationToken stop)
    {
        var engine = new StreamEngine(Options(path));
        try
        {
            var life = new AlertPath(kept[0].Entry.Rule!, kept[0].Entry.Unit!, rules.Of, text);
            var damage = "";
            var source = plan.Open(sentence => damage = damage.Length == 0 ? sentence : damage);
            var intake = engine.OpenIntake(source.Name, deadLetters: null, source.Form);
            var readings = new ReadingsThen(engine, steps, PastEngine.Board(engine, plan.Loaded.Settings), rules, calendars, path, clock);
            var sink = new CutSink(intake, [.. path.Cuts.Select(static tick => tick.Read)], number => readings.Reach(path.Cuts[number], life), clock);
            using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
            sink.Over = over.Cancel;
            sink.Begin();
            var end = sink.IsOver ? SourceEnd.Finished : await source.RunAsync(sink, over.Token);
            stop.ThrowIfCancellationRequested();
            readings.Finish(life, isWhole: !sink.IsTooLarge && sink.Short is null);
            return new Explanation(Pair(kept, life.Entries, path))
            {
                Obstacle = sink.IsTooLarge ? "the parts of the topic come too far apart to be held: record it first"
                    : sink.Short is var (part, last, wanted)
                        ? $"the log ends at {part}:{last}, and the server had read up to {part}:{wanted}. {end.Message}".TrimEnd()
                    : "",
                Remarks = [.. Remarks(damage, sink, intake)],
                Records = intake.Counts.Events,
                Ticks = readings.Judged,
            };
        }
        finally
        {
            await Stepping.StopAsync(steps, engine);
        }
    }

    private IEnumerable<string> Remarks(string damage, CutSink sink, Intake intake)
    {
        if (damage.Length > 0)
        {
            yield return damage;
        }

        if (plan.IsGapless && sink.Lacking > 0)
        {
            yield return $"the log does not hold any more {sink.Lacking} of the events that were read";
        }

        if (intake.Counts.Rejected > 0)
        {
            yield return $"{intake.Counts.Rejected} records were rejected";
        }
    }

    /// <summary>Decisions as kept, each beside the one of the same change at the same tick.</summary>
    private static List<ExplainedDecision> Pair(List<(byte[] Line, AlertHistoryEntry Entry)> kept, IReadOnlyList<AlertHistoryEntry> again, TickPath path)
    {
        var left = again.ToList();
        var pairs = new List<ExplainedDecision>();
        foreach (var (line, entry) in kept)
        {
            var same = left.FindIndex(one => (one.At, one.Id, one.What) == (entry.At, entry.Id, entry.What));
            pairs.Add(new ExplainedDecision(entry, line, same < 0 ? null : left[same], path.At(entry.At)));
            if (same >= 0)
            {
                left.RemoveAt(same);
            }
        }

        return [.. pairs, .. left.Select(one => new ExplainedDecision(null, null, one, path.At(one.At)))];
    }

    private EngineOptions Options(TickPath path) =>
        PastEngine.Options(
            plan.Loaded.Rulebook, plan.Loaded.Units, plan.Loaded.Catalogue,
            path.All.DistinctBy(static tick => tick.Rules).SelectMany(rules.Of), clock, steps) with
        {
            PseudonymKey = PseudonymKey.Fixed,
            Profiles = plan.Loaded.Profiles.Of(plan.Topic, new UnitAliases(plan.Loaded.Units)),
            Limits = plan.Loaded.Settings.Limits,
            LateAfter = plan.Loaded.Settings.LateAfterMillis,
        };
}
