namespace KpiStream.Engine.Alerts;

/// <summary>
/// Follows every rule and unit through pending, firing and resolved. Pure: readings and time in, alerts and transitions out.
/// <para>
/// Owned by one thread at a time. Bounded by its <see cref="AlertLimits"/>. What it knows outlives a restart where somebody keeps what
/// <see cref="Remember"/> gives; otherwise what still holds goes through its hold and fires again.
/// </para>
/// </summary>
public sealed class AlertEngine(AlertLimits limits)
{
    private const long HeldStillMillis = 2_000;

    private readonly Dictionary<(string Rule, string Unit), ActiveAlert> active = [];
    private readonly Queue<Alert> resolved = [];
    private long latest = long.MinValue / 2;

    /// <summary>How often a condition was met while <see cref="AlertLimits.MaxActive"/> alerts were kept already, and was not followed.</summary>
    public long NotFollowed { get; private set; }

    /// <summary>What it knows, for a later run's <see cref="Recall"/>: pending and firing alerts, then resolved ones with the oldest first.</summary>
    public IReadOnlyList<RememberedAlert> Remember() =>
        [.. active.Values.Select(alert => alert.Remember()), .. resolved.Select(alert => RememberedAlert.Of(alert, held: 0))];

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
    public AlertEvaluation Evaluate(IReadOnlyList<AlertReading> readings, long now)
    {
        now = Follow(now);
        var transitions = new List<AlertTransition>();
        var seen = new HashSet<(string Rule, string Unit)>();
        foreach (var reading in readings)
        {
            var key = (reading.Rule.Id, reading.Unit);
            if (seen.Add(key))
            {
                Follow(key, reading, now, transitions);
            }
        }

        foreach (var (key, alert) in active)
        {
            if (!seen.Contains(key))
            {
                alert.Miss();
            }
        }

        ForgetOldResolved(now);
        return new AlertEvaluation(Picture(), transitions);
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

    private void Follow((string Rule, string Unit) key, in AlertReading reading, long now, List<AlertTransition> transitions)
    {
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
        active.Remove(key);
        var end = alert.Cleared(reading, now);
        transitions.Add(new AlertTransition(end, alert.State, now));
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
            .OrderByDescending(alert => alert.State)
            .ThenBy(alert => alert.Rule.Id)
            .ThenBy(alert => alert.Unit),
        .. resolved.OrderBy(alert => alert.Rule.Id).ThenBy(alert => alert.Unit),
    ];
}
