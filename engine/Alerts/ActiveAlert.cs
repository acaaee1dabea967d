namespace KpiStream.Engine.Alerts;

/// <summary>
/// A pending or firing alert while it lives. Owned by its <see cref="AlertEngine"/>.
/// The hold is measured in time known to be bad: only the stretch between two neighbouring evaluations that both met the condition
/// counts, so a gap in the data never brings an alert nearer to firing.
/// </summary>
internal sealed class ActiveAlert(in AlertReading reading, long now)
{
    private readonly long pendingSince = now;
    private AlertReading last = reading;
    private long? firingSince;
    private long? metAt = now;
    private long held;

    public AlertState State => firingSince is null ? AlertState.Pending : AlertState.Firing;

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
