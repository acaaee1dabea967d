using KpiStream.Engine.Alerts;
using KpiStream.Engine.Arrivals;

namespace KpiStream.Ingest.Host.Serving.Liveness;

/// <summary>What rules about sources are judged by. Pure.</summary>
internal static class SourceAlerts
{
    /// <summary>More events than that have stated a key if any ever will.</summary>
    private const long EnoughEvents = 1_000;

    /// <summary>A silence in office hours that no source in use has, however little is known of it.</summary>
    private static readonly TimeSpan LongSilence = TimeSpan.FromHours(1);

    /// <summary>The figure that targets and reports are about.</summary>
    private const string Figure = "fully_online";

    /// <param name="rules">The rules, others among them.</param>
    /// <param name="watch">What was heard of the source that is read.</param>
    /// <param name="heard">What was heard of the sources of its events.</param>
    /// <param name="health">What it says of itself.</param>
    /// <param name="state">What the board says of it.</param>
    /// <param name="plan">The figures.</param>
    /// <param name="fed">What the sources of its events have stated, and which units they feed.</param>
    /// <param name="statedKeys">The keys that any source has stated.</param>
    /// <param name="days">The events accepted by day.</param>
    /// <param name="now">Milliseconds since 1970 UTC.</param>
    public static IEnumerable<AlertReading> Of(
        IReadOnlyList<AlertRule> rules, LivenessSink watch, SourcesReading heard, SourceHealth health, LiveState state, BoardPlan plan,
        FedUnits fed, uint statedKeys, ObservedDays days, long now)
    {
        var isCaughtUp = watch.IsCaughtUp;
        foreach (var rule in rules.OfType<SilentPartitionRule>())
        {
            foreach (var one in watch.Intake.Partitions.Read())
            {
                yield return new AlertReading(rule, $"{watch.Intake.Source}/{one.Partition}", 0, null, null, isCaughtUp && !watch.Backlog.IsRead)
                {
                    Partition = one,
                };
            }
        }

        foreach (var rule in rules.OfType<DroppedKeysRule>())
        {
            // Those beyond the first 64 are counted together, and one of them that falls silent changes what they state.
            foreach (var one in fed.Stated.Sources.Where(static one => one.Source.Length > 0))
            {
                yield return new AlertReading(rule, one.Source, one.Events, null, null, isCaughtUp && !watch.Backlog.IsRead)
                {
                    Keys = new KeyHistory(one.Days, plan.Silence.Calendar),
                };
            }
        }

        foreach (var rule in rules.OfType<SourceRule>())
        {
            AlertReading Read(string source, bool? isWrong, bool hasData = true) => new(
                rule, source, isWrong is { } known ? known ? SourceRule.Wrong : SourceRule.Fine : SourceRule.Unknown, null, null, hasData);

            var name = watch.Intake.Source;
            switch (rule.Fault)
            {
                case SourceFault.Unreadable:
                    yield return Read(name, health.IsBroken || state.Phase == LiveState.Lost);
                    break;
                case SourceFault.Silent:
                    foreach (var one in heard.Sources)
                    {
                        // A minute without an event says little of a source whose rhythm nobody knows yet.
                        var isSure = one.ExpectedPerHour is not null || one.Silence > LongSilence;
                        bool? isSilent = one.State == SourceState.Silent && isSure ? true
                            : one.State is SourceState.Silent or SourceState.Idle ? null : false;
                        var source = one.Source.Length == 0 ? ShownUnits.Others : one.Source;
                        yield return Read(source, isSilent) with { Fed = isSilent == true ? fed.Of(source) : null };
                    }

                    break;
                case SourceFault.Behind:
                    yield return Read(name, watch.Backlog.IsRead, isCaughtUp);
                    break;
                case SourceFault.Rejected:
                    var today = LocalTime.DayOf(now);
                    var rejected = watch.Intake.Counts.On(today).Rejected.Sum(static row => row.Count);
                    yield return Read(name, null, isCaughtUp) with { Numerator = rejected, Denominator = rejected + days.EventsOn(today) };
                    break;
                default:
                    var missing = plan.Rules.Figures.Where(static figure => figure.Definition.Id == Figure)
                        .Any(figure => NeverStated.Keys(figure.Definition, statedKeys).Count > 0);
                    yield return Read(name, missing, isCaughtUp && watch.Intake.Counts.Accepted >= EnoughEvents);
                    break;
            }
        }
    }
}
