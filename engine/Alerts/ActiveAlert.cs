namespace KpiStream.Engine.Alerts;

/// <summary>
/// A pending or firing alert while it lives. Owned by its <see cref="AlertEngine"/>.
/// The hold is measured in time known to be bad: only the stretch between two neighbouring evaluations that both met the condition
/// counts, so a gap in the data never brings an alert nearer to firing.
/// </summary>
internal sealed class ActiveAlert(in AlertReading reading, long pendingSince)
{
    private AlertReading last = reading;
    private long? firingSince;
    private AlertEvidence? evidence;
    private long? metAt = pendingSince;
    private bool isMissing;
    private long held;

    public AlertState State => firingSince is null ? AlertState.Pending : AlertState.Firing;

    /// <summary>One that an earlier run knew. Until its next reading it is missing: what happened in between nobody knows.</summary>
    public static ActiveAlert Of(RememberedAlert known, AlertRule rule) =>
        new(known.ReadingOf(rule), known.PendingSince)
        {
            firingSince = known.FiringSince,
            held = known.Held,
            metAt = null,
            isMissing = true,
            evidence = known.Evidence,
        };

    public RememberedAlert Remember() => RememberedAlert.Of(Picture(), held);

    /// <summary>The condition holds at this moment.</summary>
    public void Meet(in AlertReading reading, long now)
    {
        held += now - (metAt ?? now);
        metAt = now;
        Read(reading, now);
        if (held >= reading.Rule.HoldMillis)
        {
            firingSince ??= now;
        }
    }

    /// <summary>Nothing is known at this moment.</summary>
    public void Miss() => (metAt, isMissing) = (null, true);

    /// <summary>Neither the condition to fire nor the condition to clear holds.</summary>
    public void Stay(in AlertReading reading, long now)
    {
        metAt = null;
        Read(reading, now);
    }

    public Alert Picture() => new(last.Rule, last.Unit, State, pendingSince, firingSince, ResolvedAt: null, last, isMissing) { Evidence = evidence };

    /// <summary>How it ends when the condition holds no more.</summary>
    public Alert Cleared(in AlertReading reading, long now) =>
        Picture() with
        {
            State = firingSince is null ? AlertState.Inactive : AlertState.Resolved,
            ResolvedAt = firingSince is null ? null : now,
            Reading = reading,
            Evidence = reading.Rule.Evidence(reading, now),
            IsMissing = false,
        };

    private void Read(in AlertReading reading, long now) => (last, evidence, isMissing) = (reading, reading.Rule.Evidence(reading, now), false);
}
