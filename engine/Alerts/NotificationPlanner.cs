namespace KpiStream.Engine.Alerts;

/// <summary>
/// Decides who is told what and when: all alerts of a cause in one notification, follow-ups at a bounded pace, a bounded number a day, and the end of whatever
/// was told always. Pure and deterministic: evaluations in, notifications out, so that a replay repeats every decision. It compares what fires with what was
/// told, so nothing that is held back is lost: the next notification that is allowed tells the state there is then.
/// <para>Owned by one thread at a time. Bounded: at most <see cref="MostKeys"/> causes.</para>
/// </summary>
public sealed class NotificationPlanner(NotificationPolicy policy)
{
    /// <summary>Causes remembered: kinds times figures, and sources. Of those that nothing fires of, the ones silent longest are forgotten first.</summary>
    public const int MostKeys = 4_096;

    private readonly Dictionary<string, RememberedGroup> groups = new(StringComparer.Ordinal);

    /// <summary>What it knows, by key, for a later run's <see cref="Recall"/>.</summary>
    public IReadOnlyList<RememberedGroup> Remember() => [.. groups.Values.OrderBy(static group => group.Key, StringComparer.Ordinal)];

    /// <summary>Takes over what an earlier run knew. Of several for one key the first counts.</summary>
    public void Recall(IEnumerable<RememberedGroup> known)
    {
        foreach (var group in known.Take(MostKeys))
        {
            groups.TryAdd(group.Key, group);
        }
    }

    /// <summary>
    /// Takes over alerts that were told one by one before there was a planner: nobody is told again that they fire, and their end is told.
    /// </summary>
    public void Adopt(IEnumerable<Alert> told, long now)
    {
        foreach (var cause in told.Where(IsOn).GroupBy(static alert => alert.Cause).Where(cause => !groups.ContainsKey(cause.Key)))
        {
            groups[cause.Key] = new RememberedGroup(cause.Key, 0, LocalTime.DayOf(now), 0)
            {
                Told = [.. cause.Select(static alert => alert.Id)],
                Grade = cause.Max(static alert => alert.Rule.Grade),
                Most = cause.Count(),
                Since = cause.Min(static alert => alert.FiringSince),
                ToldAt = now,
            };
        }
    }

    /// <summary>Plans what is to be told now. To be called after every evaluation, also when nothing has changed.</summary>
    /// <param name="current">All alerts; those that are silenced or inhibited say so.</param>
    /// <param name="now">Milliseconds since 1970 UTC.</param>
    public IReadOnlyList<AlertNotification> Plan(IReadOnlyList<Alert> current, long now)
    {
        var notifications = new List<AlertNotification>();
        var on = current.Where(IsOn).ToLookup(static alert => alert.Cause);
        var ended = current.Where(static alert => alert.State == AlertState.Resolved).ToLookup(static alert => alert.Cause);
        foreach (var key in on.Select(static cause => cause.Key).Union(groups.Keys).Order(StringComparer.Ordinal).ToList())
        {
            var group = OfToday(groups.GetValueOrDefault(key) ?? new RememberedGroup(key, 0, 0, 0), now);
            var (next, notification) = new GroupDecision(policy, group, now).Decide([.. on[key]], [.. ended[key]]);
            groups[key] = next;
            if (notification is not null)
            {
                notifications.Add(notification);
            }
        }

        Forget();
        return notifications;
    }

    private static bool IsOn(Alert alert) => alert.State is AlertState.Firing or AlertState.Resolving;

    private static RememberedGroup OfToday(RememberedGroup group, long now) =>
        LocalTime.DayOf(now) is var today && group.Day == today ? group : group with { Day = today, SentToday = 0 };

    private void Forget()
    {
        if (groups.Count > MostKeys)
        {
            foreach (var oldest in groups.Values.Where(static group => !group.IsTold && group.WaitingSince is null)
                .OrderBy(static group => group.ToldAt).Take(groups.Count - MostKeys).ToList())
            {
                groups.Remove(oldest.Key);
            }
        }
    }
}
