namespace KpiStream.Engine.Alerts;

/// <summary>Why somebody is told.</summary>
public enum NotificationReason
{
    /// <summary>Alerts of a cause fire, and nobody knows yet.</summary>
    Fired,

    /// <summary>More alerts of the same cause fire, or they became graver.</summary>
    Grew,

    /// <summary>Alerts of the cause still fire, and nobody has taken note.</summary>
    Reminder,

    /// <summary>None of the alerts that were told fires any more.</summary>
    Resolved,

    /// <summary>Somebody has taken note of an alert that was told: for receivers that keep such a state, and for no person.</summary>
    Acknowledged,
}

/// <summary>
/// What is to be told of all alerts of one cause, in one message. Immutable. It tells the whole state, so that a newer one of the same key makes an older one
/// that is not delivered yet superfluous.
/// </summary>
public sealed record AlertNotification
{
    /// <summary>The most alerts listed in one.</summary>
    public const int MostListed = 100;

    /// <summary>
    /// The same for every notification of a cause, for ever: receivers join by it what belongs together. The cause itself.
    /// </summary>
    public required string Key { get; init; }

    /// <summary>
    /// 1, 2, 3, … for each key, across restarts. Key and order together name a notification: a crash before the planner's state was kept may
    /// plan the same order again, and what has it already is not to be delivered twice.
    /// </summary>
    public required long Order { get; init; }

    public required NotificationReason Reason { get; init; }

    /// <summary><see cref="AlertState.Firing"/>, or <see cref="AlertState.Resolved"/> when all is over.</summary>
    public required AlertState State { get; init; }

    /// <summary>The gravest since the first of these alerts was told.</summary>
    public required AlertGrade Grade { get; init; }

    /// <summary>See <see cref="Alert.Cause"/>.</summary>
    public required string Cause { get; init; }

    /// <summary>
    /// The worst first, at most <see cref="MostListed"/>: those that fire, those that are resolving among them; when all is over, those that were told, as they
    /// ended.
    /// </summary>
    public required IReadOnlyList<Alert> Alerts { get; init; }

    /// <summary>How many fire; when all is over, how many were told.</summary>
    public required int Count { get; init; }

    /// <summary>The most that fired at once since the first was told.</summary>
    public required int Most { get; init; }

    /// <summary>When the first of them fired, milliseconds since 1970 UTC.</summary>
    public required long Since { get; init; }

    /// <summary>When it was planned, likewise.</summary>
    public required long At { get; init; }

    /// <summary>Since when it could have been told, and was held back because the day's messages of this key were used up; null when it was not.</summary>
    public long? HeldBackSince { get; init; }
}
