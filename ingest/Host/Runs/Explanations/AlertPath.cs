using KpiStream.Engine.Alerts;
using KpiStream.Ingest.Host.Serving.Alerts;

namespace KpiStream.Ingest.Host.Runs.Explanations;

/// <summary>
/// The life of one alert over the ticks at which it was judged, with the code and the restarts of the server. Owned by the flow of the replay.
/// </summary>
/// <param name="rule">The rule's id.</param>
/// <param name="unit">The unit's code.</param>
/// <param name="rulesOf">The rules of a tick.</param>
/// <param name="text">Says what was found.</param>
internal sealed class AlertPath(string rule, string unit, Func<AlertTick, IReadOnlyList<AlertRule>> rulesOf, AlertText text)
{
    private readonly Dictionary<long, IReadOnlyList<RememberedAlert>> kept = [];
    private readonly List<AlertHistoryEntry> entries = [];
    private AlertEngine engine = new(AlertLimits.Default);
    private AlertRule? latest;

    /// <summary>The rule's id.</summary>
    public string Rule => rule;

    public string Unit => unit;

    /// <summary>What happened, as a server's history has it.</summary>
    public IReadOnlyList<AlertHistoryEntry> Entries => entries;

    /// <summary>A tick passes.</summary>
    /// <param name="reading">What was read of the unit; null where it was not judged.</param>
    /// <param name="isHeld">True where silent sources that feed the unit kept it as it was.</param>
    public void Pass(AlertTick tick, AlertReading? reading, bool isHeld)
    {
        var rules = rulesOf(tick);
        if (tick.After is { } after)
        {
            engine = new AlertEngine(AlertLimits.Default);
            engine.Recall(kept.GetValueOrDefault(after) ?? [], rules);
        }

        if (tick.Interrupted)
        {
            engine.Interrupt();
        }

        var own = rules.FirstOrDefault(one => one.Id == rule);
        if (own is null && latest is not null && !tick.Inhibited && !isHeld)
        {
            reading = new AlertReading(RetiredRule.Of(latest), unit, 0, null, null, HasData: true);
        }

        latest = own ?? latest;
        var (_, transitions) = engine.Evaluate(reading is { } known ? [known] : [], tick.At);
        entries.AddRange(transitions.Select(change => AlertHistoryEntry.Of(change, text.Finding(change.Alert))));
        kept[tick.At] = engine.Remember();
    }
}
