namespace KpiStream.Engine.Alerts;

/// <summary>What a planner knows of a cause. Immutable. Instants are milliseconds since 1970 UTC.</summary>
/// <param name="Key">See <see cref="AlertNotification.Key"/>.</param>
/// <param name="Order">The last given; 0 before the first.</param>
/// <param name="Day">The local day of <paramref name="SentToday"/>.</param>
/// <param name="SentToday">Notifications planned on it.</param>
public sealed record RememberedGroup(string Key, long Order, int Day, int SentToday)
{
    /// <summary>The ids of the alerts that were told last; empty while nobody has to be told of an end.</summary>
    public IReadOnlyList<string> Told { get; init; } = [];

    /// <summary>The ids of those of them that were told as acknowledged.</summary>
    public IReadOnlyList<string> Acknowledged { get; init; } = [];

    /// <summary>The gravest grade told since <see cref="Since"/>.</summary>
    public AlertGrade Grade { get; init; }

    /// <summary>See <see cref="AlertNotification.Most"/>.</summary>
    public int Most { get; init; }

    /// <summary>See <see cref="AlertNotification.Since"/>; null while nothing is told.</summary>
    public long? Since { get; init; }

    /// <summary>When the last was planned.</summary>
    public long ToldAt { get; init; }

    /// <summary>Follow-ups since the group was first told.</summary>
    public int FollowUps { get; init; }

    /// <summary>Since when there has been something to tell that was not told; null while there is nothing.</summary>
    public long? WaitingSince { get; init; }

    /// <summary>Since when it has been held back by the day's bound alone; null while it is not.</summary>
    public long? HeldBackSince { get; init; }

    /// <summary>True while somebody was told that alerts of this cause fire.</summary>
    public bool IsTold => Since is not null;

    /// <summary>Equal in content: the ids are compared one by one.</summary>
    public bool Equals(RememberedGroup? other) => other is not null && Told.SequenceEqual(other.Told, StringComparer.Ordinal)
        && Acknowledged.SequenceEqual(other.Acknowledged, StringComparer.Ordinal)
        && (Key, Order, Day, SentToday, Grade, Most, Since) == (other.Key, other.Order, other.Day, other.SentToday, other.Grade, other.Most, other.Since)
        && (ToldAt, FollowUps, WaitingSince, HeldBackSince) == (other.ToldAt, other.FollowUps, other.WaitingSince, other.HeldBackSince);

    public override int GetHashCode() => HashCode.Combine(Key, Order, ToldAt);
}
