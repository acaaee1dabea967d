namespace KpiStream.Engine.Alerts;

/// <summary>What is to be told of one cause at one moment.</summary>
internal sealed class GroupDecision(NotificationPolicy policy, RememberedGroup group, long now)
{
    /// <param name="on">Its alerts that fire or are resolving.</param>
    /// <param name="ended">Its alerts that resolved lately.</param>
    /// <returns>What is known from now on, and what is told; null for nothing.</returns>
    public (RememberedGroup Next, AlertNotification? Notification) Decide(IReadOnlyList<Alert> on, IReadOnlyList<Alert> ended)
    {
        var told = group.Told.ToHashSet(StringComparer.Ordinal);
        var known = on.Where(alert => told.Contains(alert.Id)).ToList();
        var news = on.Where(alert => !told.Contains(alert.Id) && MayBeTold(alert)).ToList();
        return !group.IsTold ? Begin(news)
            : known.Count + news.Count == 0 ? End([.. ended.Where(alert => told.Contains(alert.Id))])
            : FollowUp(known, news);
    }

    private bool MayBeTold(Alert alert) => alert.SilencedBy is null && alert.InhibitedBy is null && policy.Told.Contains(alert.Rule.Grade);

    private (RememberedGroup, AlertNotification?) Begin(List<Alert> news)
    {
        if (news.Count == 0)
        {
            return (Quiet(group), null);
        }

        var waiting = group with { WaitingSince = group.WaitingSince ?? now };
        var isDue = now - waiting.WaitingSince >= policy.WaitMillis || now < waiting.WaitingSince
            || news.Exists(static alert => alert.Rule.Grade == AlertGrade.Critical);
        return !isDue ? (waiting, null)
            : policy.Allows(NotificationReason.Fired, group.SentToday)
                ? Tell(waiting with { FollowUps = 0, Grade = default, Most = 0 }, NotificationReason.Fired, news)
            : (HeldBack(waiting), null);
    }

    private (RememberedGroup, AlertNotification?) FollowUp(List<Alert> known, List<Alert> news)
    {
        List<Alert> all = [.. known, .. news];
        var isGraver = all.Where(MayBeTold).Select(static alert => alert.Rule.Grade).DefaultIfEmpty(group.Grade).Max() > group.Grade;
        var silence = now - group.ToldAt;
        if (news.Count > 0 || isGraver)
        {
            var waiting = group with { WaitingSince = group.WaitingSince ?? now };
            var isDue = isGraver || silence >= policy.PauseBefore(group.FollowUps) || silence < 0;
            return !isDue ? Acknowledge(waiting, known)
                : policy.Allows(NotificationReason.Grew, group.SentToday)
                    ? Tell(waiting with { FollowUps = group.FollowUps + 1 }, NotificationReason.Grew, all)
                : Acknowledge(HeldBack(waiting), known);
        }

        var isForgotten = policy.ReminderMillis > 0 && silence >= policy.ReminderMillis && all.Exists(alert => alert.Acknowledged is null && MayBeTold(alert));
        return isForgotten && policy.Allows(NotificationReason.Reminder, group.SentToday)
            ? Tell(Quiet(group), NotificationReason.Reminder, all)
            : Acknowledge(Quiet(group), known);
    }

    /// <summary>That somebody has taken note is told at once, and is none of the day's messages: no person reads it.</summary>
    private (RememberedGroup, AlertNotification?) Acknowledge(RememberedGroup of, List<Alert> known)
    {
        if (!known.Exists(alert => alert.Acknowledged is not null && !group.Acknowledged.Contains(alert.Id)))
        {
            return (of, null);
        }

        var next = of with { Order = group.Order + 1, Acknowledged = AcknowledgedOf(known) };
        return (next, Notification(NotificationReason.Acknowledged, AlertState.Firing, known, known.Count, next));
    }

    private static IReadOnlyList<string> AcknowledgedOf(List<Alert> alerts) =>
        [.. alerts.Where(static alert => alert.Acknowledged is not null).Select(static alert => alert.Id).Order(StringComparer.Ordinal)];

    /// <summary>The end is told at once, and there is always room for it.</summary>
    private (RememberedGroup, AlertNotification?) End(List<Alert> ended)
    {
        var notification = Notification(NotificationReason.Resolved, AlertState.Resolved, ended, group.Told.Count, group);
        var next = Quiet(group) with
        {
            Order = group.Order + 1,
            SentToday = group.SentToday + 1,
            Told = [],
            Acknowledged = [],
            Since = null,
            ToldAt = now,
            FollowUps = 0,
        };
        return (next, notification);
    }

    private (RememberedGroup, AlertNotification?) Tell(RememberedGroup of, NotificationReason reason, List<Alert> all)
    {
        var next = of with
        {
            Order = group.Order + 1,
            SentToday = group.SentToday + 1,
            Told = [.. all.Select(static alert => alert.Id).Order(StringComparer.Ordinal)],
            Acknowledged = AcknowledgedOf(all),
            Grade = (AlertGrade)Math.Max((int)of.Grade, (int)all.Max(static alert => alert.Rule.Grade)),
            Most = Math.Max(of.Most, all.Count),
            Since = of.Since ?? all.Min(static alert => alert.FiringSince) ?? now,
            ToldAt = now,
        };
        return (Quiet(next), Notification(reason, AlertState.Firing, all, all.Count, next));
    }

    private AlertNotification Notification(NotificationReason reason, AlertState state, IEnumerable<Alert> alerts, int count, RememberedGroup known) => new()
    {
        Key = group.Key,
        Order = group.Order + 1,
        Reason = reason,
        State = state,
        Grade = known.Grade,
        Cause = group.Key,
        Alerts = [.. WorstFirst(alerts).Take(AlertNotification.MostListed)],
        Count = count,
        Most = known.Most,
        Since = known.Since ?? now,
        At = now,
        HeldBackSince = group.HeldBackSince,
    };

    /// <summary>By grade, then by how improbable it is in a healthy unit, then by age.</summary>
    private static IOrderedEnumerable<Alert> WorstFirst(IEnumerable<Alert> alerts) => alerts
        .OrderByDescending(static alert => alert.Rule.Grade)
        .ThenBy(static alert => alert.Evidence?.Chance ?? 1)
        .ThenBy(static alert => alert.PendingSince)
        .ThenBy(static alert => alert.Rule.Id, StringComparer.Ordinal)
        .ThenBy(static alert => alert.Unit, StringComparer.Ordinal);

    private static RememberedGroup Quiet(RememberedGroup of) => of with { WaitingSince = null, HeldBackSince = null };

    private RememberedGroup HeldBack(RememberedGroup of) => of with { HeldBackSince = group.HeldBackSince ?? now };
}
