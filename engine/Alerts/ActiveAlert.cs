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
    private long? metAt = pendingSince;
    private long held;

    public AlertState State => firingSince is null ? AlertState.Pending : AlertState.Firing;

    /// <summary>One that an earlier run knew. Until its next reading it is missing: what happened in between nobody knows.</summary>
    public static ActiveAlert Of(RememberedAlert known, AlertRule rule) =>
        new(known.ReadingOf(rule), known.PendingSince) { firingSince = known.FiringSince, held = known.Held, metAt = null };

    public RememberedAlert Remember() => RememberedAlert.Of(Picture(), held);

    /// <summary>The condition holds at this moment.</summary>
    public void Meet(in AlertReading reading, long now)
    {
        held += now - (metAt ?? now);
        metAt = now;
        last = reading;
        if (held >= reading.Rule.HoldMillis)
        {
            firingSince ??= now;
        }
    }

    /// <summary>Nothing is known at this moment.</summary>
    public void Miss() => metAt = null;

    public Alert Picture() => new(last.Rule, last.Unit, State, pendingSince, firingSince, ResolvedAt: null, last, IsMissing: metAt is null);

    /// <summary>How it ends when the condition holds no more.</summary>
    public Alert Cleared(in AlertReading reading, long now) =>
        Picture() with
        {
            State = firingSince is null ? AlertState.Inactive : AlertState.Resolved,
            ResolvedAt = firingSince is null ? null : now,
            Reading = reading,
            IsMissing = false,
        };
}
