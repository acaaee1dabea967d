namespace KpiStream.Engine.Alerts;

/// <summary>
/// Follows every rule and unit through pending, firing, resolving and resolved. Pure: readings and time in, alerts and transitions out.
/// While a source is silent, gone, stale or behind, what it feeds is not judged: the one alert of the source inhibits the others.
/// <para>
/// Owned by one thread at a time. Bounded by its <see cref="AlertLimits"/>. What it knows outlives a restart where somebody keeps what
/// <see cref="Remember"/> gives; otherwise what still holds goes through its hold and fires again.
/// </para>
/// </summary>
/// <param name="limits">How much is kept.</param>
public sealed class AlertEngine(AlertLimits limits)
{
    private const long HeldStillMillis = 2_000;

    private readonly Dictionary<(string Rule, string Unit), ActiveAlert> active = [];
    private readonly Queue<Alert> resolved = [];
    private long latest = long.MinValue / 2;

    /// <summary>How often a condition was met while <see cref="AlertLimits.MaxActive"/> alerts were kept already, and was not followed.</summary>
    public long NotFollowed { get; private set; }

    /// <summary>What it knows, for a later run's <see cref="Recall"/>: alerts that are not over, then resolved ones with the oldest first.</summary>
    public IReadOnlyList<RememberedAlert> Remember() =>
        [.. active.Values.Select(alert => alert.Remember()), .. resolved.Select(alert => RememberedAlert.Of(alert, held: 0, clearHeld: 0))];

    /// <summary>Takes over what an earlier run knew. To be called before anything is judged.</summary>
    /// <param name="known">What <see cref="Remember"/> gave. Of several for one rule and unit the first counts.</param>
    /// <param name="rules">The rules there are now; what is known of others is forgotten.</param>
    public void Recall(IEnumerable<RememberedAlert> known, IReadOnlyList<AlertRule> rules)
    {
        foreach (var alert in known)
        {
            if (rules.FirstOrDefault(rule => rule.Id == alert.Rule) is not { } rule)
            {
                continue;
            }

            if (alert.ResolvedAt is not null)
            {
                resolved.Enqueue(alert.AsResolved(rule));
            }
            else if (active.Count < limits.MaxActive)
            {
                active.TryAdd((rule.Id, alert.Unit), ActiveAlert.Of(alert, rule));
            }
        }
    }

    /// <summary>Judges all readings of a moment. A rule and unit without a reading is missing; of several readings the first counts.</summary>
    /// <param name="readings">At most one for each rule and unit.</param>
    /// <param name="now">Milliseconds since 1970 UTC.
    /// A step back of two seconds at most is read as time standing still; a further one is a clock put right, and holds count on from there.</param>
    /// <param name="feeds">
    /// Whether a source, by its name, feeds a unit, by its code; null where that is not known: then every source may feed every unit.
    /// </param>
    public AlertEvaluation Evaluate(IReadOnlyList<AlertReading> readings, long now, Func<string, string, bool>? feeds = null)
    {
        now = Follow(now);
        var transitions = new List<AlertTransition>();
        var seen = new HashSet<(string Rule, string Unit)>(readings.Count);

        // Sources first: what they feed is not judged by the very readings that show that they are missing.
        foreach (var reading in readings.Where(static reading => !reading.Rule.Kind.IsBusiness()))
        {
            if (seen.Add((reading.Rule.Id, reading.Unit)))
            {
                Follow(reading, now, transitions);
            }
        }

        var sources = active.Values.Where(static alert => alert.Rule.Inhibits).Select(static alert => alert.Picture()).ToList();
        foreach (var reading in readings.Where(static reading => reading.Rule.Kind.IsBusiness()))
        {
            if (seen.Add((reading.Rule.Id, reading.Unit)) && !sources.Exists(source => Inhibits(source, reading.Unit, feeds)))
            {
                Follow(reading, now, transitions);
            }
        }

        Hold(seen, sources, feeds);
        ForgetOldResolved(now);
        return new AlertEvaluation(Picture(), transitions);
    }

    /// <summary>Ends the alerts of rules that are not judged any more.</summary>
    /// <param name="isKept">Whether a rule still is.</param>
    /// <param name="now">Milliseconds since 1970 UTC.</param>
    public IReadOnlyList<AlertTransition> Withdraw(Func<AlertRule, bool> isKept, long now)
    {
        now = Follow(now);
        var transitions = new List<AlertTransition>();
        foreach (var (key, alert) in active.Where(one => !isKept(one.Value.Rule)).ToList())
        {
            End(key, alert, alert.State, now, transitions);
        }

        return transitions;
    }

    /// <summary>Somebody takes note of an alert.</summary>
    /// <returns>The alert; null when none of this id is pending, firing or resolving.</returns>
    public Alert? Acknowledge(string id, Acknowledgement note)
    {
        var alert = active.Values.FirstOrDefault(alert => alert.Id == id);
        alert?.Acknowledge(note);
        return alert?.Picture();
    }

    /// <summary>
    /// Nobody knows what held between the last evaluation and the next: the host's clock was put forward, or the host stood still. That stretch counts for
    /// no hold.
    /// </summary>
    public void Interrupt()
    {
        foreach (var alert in active.Values)
        {
            alert.Miss();
        }
    }

    /// <summary>What now is taken for. Nobody knows how long a condition held across a clock that was put back, so that stretch counts for nothing.</summary>
    private long Follow(long now)
    {
        if (now < latest - HeldStillMillis)
        {
            latest = now;
            Interrupt();
        }

        return latest = Math.Max(latest, now);
    }

    private static bool Inhibits(Alert source, string unit, Func<string, string, bool>? feeds) =>
        !source.Rule.InhibitsFedAlone || feeds is null || feeds(source.Unit, unit);

    /// <summary>
    /// What was not read is missing, and so is what a source feeds that is gone or only seems so; once the source's alert fires, it says that it is the reason.
    /// </summary>
    private void Hold(HashSet<(string Rule, string Unit)> seen, List<Alert> sources, Func<string, string, bool>? feeds)
    {
        foreach (var (key, alert) in active)
        {
            var inhibiting = alert.Rule.Kind.IsBusiness() ? sources.FindAll(source => Inhibits(source, key.Unit, feeds)) : [];
            alert.InhibitBy(inhibiting.Find(static source => source.State != AlertState.Pending)?.Id);
            if (inhibiting.Count > 0 || !seen.Contains(key))
            {
                alert.Miss();
            }
        }
    }

    private void Follow(in AlertReading reading, long now, List<AlertTransition> transitions)
    {
        var key = (reading.Rule.Id, reading.Unit);
        var alert = active.GetValueOrDefault(key);
        switch (reading.Rule.Judge(reading, now))
        {
            case Judgement.Missing:
                alert?.Miss();
                break;
            case Judgement.Met:
                Meet(key, alert, reading, now, transitions);
                break;
            case Judgement.Between:
                alert?.Stay(reading, now);
                break;
            case Judgement.Clear when alert is not null:
                Clear(key, alert, reading, now, transitions);
                break;
        }
    }

    private void Meet((string Rule, string Unit) key, ActiveAlert? alert, in AlertReading reading, long now, List<AlertTransition> transitions)
    {
        var before = alert?.State ?? AlertState.Inactive;
        if (alert is null)
        {
            if (active.Count >= limits.MaxActive)
            {
                NotFollowed++;
                return;
            }

            alert = active[key] = new ActiveAlert(reading, now);
        }

        alert.Meet(reading, now);
        if (alert.State != before)
        {
            transitions.Add(new AlertTransition(alert.Picture(), before, now));
        }
    }

    private void Clear((string Rule, string Unit) key, ActiveAlert alert, in AlertReading reading, long now, List<AlertTransition> transitions)
    {
        var before = alert.State;
        if (alert.Clear(reading, now))
        {
            End(key, alert, before, now, transitions);
        }
        else if (alert.State != before)
        {
            transitions.Add(new AlertTransition(alert.Picture(), before, now));
        }
    }

    private void End((string Rule, string Unit) key, ActiveAlert alert, AlertState before, long now, List<AlertTransition> transitions)
    {
        var end = alert.Ended(now);
        active.Remove(key);
        transitions.Add(new AlertTransition(end, before, now));
        if (end.State == AlertState.Resolved)
        {
            resolved.Enqueue(end);
        }
    }

    private void ForgetOldResolved(long now)
    {
        while (resolved.TryPeek(out var oldest) && (resolved.Count > limits.MaxResolved || now - oldest.ResolvedAt >= limits.ResolvedListedMillis))
        {
            resolved.Dequeue();
        }
    }

    private Alert[] Picture() =>
    [
        .. active.Values.Select(alert => alert.Picture())
            .OrderBy(alert => alert.State switch { AlertState.Firing => 0, AlertState.Resolving => 1, _ => 2 })
            .ThenBy(alert => alert.Rule.Id)
            .ThenBy(alert => alert.Unit),
        .. resolved.OrderBy(alert => alert.Rule.Id).ThenBy(alert => alert.Unit),
    ];
}
