namespace KpiStream.Engine.Alerts;

/// <summary>
/// A pending, firing or resolving alert while it lives. Owned by its <see cref="AlertEngine"/>.
/// Holds are measured in time known to be bad, or good: only the stretch between two neighbouring evaluations that both said so counts, so a gap in the data
/// brings an alert nearer neither to firing nor to its end.
/// </summary>
internal sealed class ActiveAlert
{
    // The identity is worked out once; pictures are copies of this.
    private readonly Alert shape;
    private AlertReading last;
    private AlertEvidence? evidence;
    private long? firingSince;
    private long? resolvingSince;
    private long? metAt;
    private long? clearAt;
    private long held;
    private long clearHeld;
    private bool isMissing;
    private string? inhibitedBy;
    private Acknowledgement? acknowledged;

    /// <param name="reading">The first that met the condition.</param>
    public ActiveAlert(in AlertReading reading, long pendingSince)
    {
        shape = new Alert(reading.Rule, reading.Unit, AlertState.Pending, pendingSince, null, ResolvedAt: null, reading, IsMissing: false);
        (last, metAt) = (reading, pendingSince);
    }

    public AlertState State => firingSince is null ? AlertState.Pending : resolvingSince is null ? AlertState.Firing : AlertState.Resolving;

    public AlertRule Rule => last.Rule;

    public string Id => shape.Id;

    /// <summary>One that an earlier run knew. Until its next reading it is missing: what happened in between nobody knows.</summary>
    public static ActiveAlert Of(RememberedAlert known, AlertRule rule) => new(known.ReadingOf(rule), known.PendingSince)
    {
        firingSince = known.FiringSince,
        resolvingSince = known.ResolvingSince,
        held = known.Held,
        clearHeld = known.ClearHeld,
        metAt = null,
        isMissing = true,
        evidence = known.Evidence,
        acknowledged = known.Acknowledged,
    };

    public RememberedAlert Remember() => RememberedAlert.Of(Picture(), held, clearHeld);

    /// <summary>The condition holds at this moment.</summary>
    public void Meet(in AlertReading reading, long now)
    {
        held += now - (metAt ?? now);
        (metAt, clearAt) = (now, null);
        Read(reading, now);
        if (firingSince is not null)
        {
            (resolvingSince, clearHeld) = (null, 0);
        }
        else if (held >= reading.Rule.HoldMillis)
        {
            firingSince = now;
        }
    }

    /// <summary>The condition to clear holds at this moment.</summary>
    /// <returns>True when that ends the alert: see <see cref="Ended"/>.</returns>
    public bool Clear(in AlertReading reading, long now)
    {
        Read(reading, now);
        metAt = null;
        if (firingSince is null)
        {
            return true;
        }

        resolvingSince ??= now;
        clearHeld += now - (clearAt ?? now);
        clearAt = now;
        return clearHeld >= reading.Rule.ClearHoldMillis;
    }

    /// <summary>Neither the condition to fire nor the condition to clear holds.</summary>
    public void Stay(in AlertReading reading, long now)
    {
        (metAt, clearAt) = (null, null);
        Read(reading, now);
    }

    /// <summary>Nothing is known at this moment.</summary>
    public void Miss() => (metAt, clearAt, isMissing) = (null, null, true);

    /// <param name="source">The id of the source's alert because of which nothing is said; null for none.</param>
    public void InhibitBy(string? source) => inhibitedBy = source;

    /// <summary>Somebody takes note of it; the newest note stands.</summary>
    public void Acknowledge(Acknowledgement note) => acknowledged = note;

    public Alert Picture() => shape with
    {
        State = State,
        FiringSince = firingSince,
        ResolvingSince = resolvingSince,
        Reading = last,
        Evidence = evidence,
        IsMissing = isMissing,
        InhibitedBy = inhibitedBy,
        Acknowledged = acknowledged,
    };

    /// <summary>What it is once it is over.</summary>
    public Alert Ended(long now) => Picture() with
    {
        State = firingSince is null ? AlertState.Inactive : AlertState.Resolved,
        ResolvedAt = firingSince is null ? null : now,
    };

    private void Read(in AlertReading reading, long now) => (last, evidence, isMissing) = (reading, reading.Rule.EvidenceByCalendar(in reading, now), false);
}
