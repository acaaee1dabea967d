namespace KpiStream.Engine.Alerts;

/// <summary>How often somebody is told.</summary>
public sealed record NotificationPolicy
{
    public static readonly NotificationPolicy Default = new();

    /// <summary>The least that can be asked for: one that fires and one that is over.</summary>
    public const int LeastPerDay = 2;

    /// <summary>
    /// The most messages of one key in a local day. Eight: one for each working hour, which is a group that fires, grows all day and
    /// ends, and once more; who is told more of the same stops reading.
    /// </summary>
    public int MostPerDay { get; init; } = 8;

    /// <summary>
    /// How long the first alert of a cause waits for others, in milliseconds. Ten seconds: the reports of one broken link come within some, and a minute is
    /// allowed from the end of the hold until a receiver knows. A critical one does not wait.
    /// </summary>
    public long WaitMillis { get; init; } = 10_000;

    /// <summary>The least time before a group that grew is told again, in milliseconds; each further time is <see cref="Slower"/> times as long.</summary>
    public long GrowMillis { get; init; } = 5 * 60_000;

    public int Slower { get; init; } = 4;

    /// <summary>After so long without a word somebody is reminded of what fires and nobody has acknowledged, in milliseconds; 0 for never.</summary>
    public long ReminderMillis { get; init; } = 86_400_000;

    /// <summary>What is told; the rest is on the board. A watch is for those who look, and would come a hundred times as often as an alarm.</summary>
    public IReadOnlyList<AlertGrade> Told { get; init; } = [AlertGrade.Report, AlertGrade.Alarm, AlertGrade.Critical];

    /// <summary>The pause before a group's nth follow-up since it was first told, counted from 0.</summary>
    public long PauseBefore(int followUp) => GrowMillis * (long)Math.Pow(Slower, Math.Min(followUp, 5));

    /// <summary>Whether the day has room. The last message of a day is kept for an end, so that the end of what was told is never held back.</summary>
    public bool Allows(NotificationReason reason, int sentToday) => sentToday < MostPerDay - (reason == NotificationReason.Resolved ? 0 : 1);
}
