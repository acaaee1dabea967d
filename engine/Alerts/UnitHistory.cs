using System.Runtime.InteropServices;
using KpiStream.Engine.Kpis;

namespace KpiStream.Engine.Alerts;

/// <summary>
/// A figure of one unit by local day, read from the engine's day cells: what rules judge that need a past. They keep no memory of their own, so a restart, a
/// back-test and an explanation come to the same verdict. Immutable; what is derived from it is derived once and kept.
/// </summary>
/// <param name="FirstDay">The local day of the first count.</param>
/// <param name="Days">A count for each day, the last one being today's so far.</param>
/// <param name="Calendar">Which of them were working days of the unit.</param>
public sealed record UnitHistory(int FirstDay, IReadOnlyList<FigureCount> Days, WorkingCalendar Calendar)
{
    private const int NumbersPerDay = 3;

    private JudgedDays? judged;
    private PaceTrack? pace;
    private RatioTrack? ratio;
    private readonly KindHistory? kind;
    private readonly IReadOnlySet<int> leftOut = new HashSet<int>();

    /// <summary>The first local day of which the log has records; before it nothing is known.</summary>
    public int ObservedFrom { get; init; } = FirstDay;

    /// <summary>Days that say nothing of the unit: the log lacks them, or all units of its kind had few cases at once.</summary>
    public IReadOnlySet<int> LeftOut
    {
        get => Shared is { } shared ? shared.Value.LeftOut : leftOut;
        init => leftOut = value;
    }

    /// <summary>What units of its kind are like; null where that is not known.</summary>
    public KindHistory? Kind
    {
        get => Shared is { } shared ? shared.Value.Kind : kind;
        init => kind = value;
    }

    /// <summary>Where <see cref="Kind"/> and <see cref="LeftOut"/> come from when units share them: found once, and only when somebody asks.</summary>
    public Lazy<(KindHistory? Kind, IReadOnlySet<int> LeftOut)>? Shared { get; init; }

    /// <summary>The days it is compared by; derived from the calendar unless it is shared with other units.</summary>
    public JudgedDays Judged
    {
        get => judged ??= new JudgedDays(Calendar, FirstDay, LastDay);
        init => judged = value;
    }

    /// <summary>The local day of the last count.</summary>
    public int LastDay => FirstDay + Days.Count - 1;

    /// <summary>The count of a day; none where the day is not in it.</summary>
    public FigureCount On(int day) => (uint)(day - FirstDay) < (uint)Days.Count ? Days[day - FirstDay] : default;

    /// <summary>True for a working day of which the log lacks the events.</summary>
    public bool Lacks(int day) => leftOut.Contains(day) && Calendar.IsWorkingDay(day);

    /// <summary>The days that may be compared, oldest first, today not among them.</summary>
    public List<int> ComparedDays() => ComparedDays(Judged);

    /// <summary>The same by other days than its own.</summary>
    public List<int> ComparedDays(JudgedDays days) =>
        [.. Enumerable.Range(Math.Max(FirstDay, ObservedFrom), Math.Max(0, LastDay - Math.Max(FirstDay, ObservedFrom)))
            .Where(day => days.Contains(day) && !LeftOut.Contains(day))];

    /// <summary>How its volume runs against what is usual for it; null when too little is known. Of the fall asked for last it is kept.</summary>
    /// <param name="fall">The share of the usual volume that is looked for, 0–1.</param>
    public PaceTrack? Pace(double fall)
    {
        if (pace is not { } known || known.Fall != fall)
        {
            known = PaceBaseline.Of(this) is { } usual ? PaceTrack.Of(this, usual, fall) : null;
            pace = known;
        }

        return known;
    }

    /// <summary>
    /// The newest local day whose cases are settled: the whole working day after it has closed. Until then a case that has ended may still achieve it, once its
    /// result is handed over, and the ratio of such a day is too low.
    /// </summary>
    /// <param name="now">Milliseconds since 1970 UTC.</param>
    public int SettledDay(long now)
    {
        var closed = Math.Min(LastDay, LocalTime.DayOf(now));
        while (closed > FirstDay && !(Calendar.HoursOn(closed) == DayHours.Whole && WorkingCalendar.ClosingTime(closed) <= now))
        {
            closed--;
        }

        return closed - 1;
    }

    /// <summary>How its ratio runs against its own past and a target; null when too little is known. Of what was asked for last it is kept.</summary>
    /// <param name="target">The target in force, 0–1.</param>
    /// <param name="depth">How far below the target the ratio looked for lies.</param>
    /// <param name="lastDay">The last local day followed, see <see cref="SettledDay"/>.</param>
    public RatioTrack? Ratio(double target, double depth, int lastDay)
    {
        if (ratio is not { } known || known.Target != target || known.Depth != depth || known.Last != lastDay)
        {
            known = RatioTrack.Of(this, target, depth, lastDay);
            ratio = known;
        }

        return known;
    }

    /// <summary>True when it says the same of the unit, but for today's cases and what units share.</summary>
    public bool HasSamePast(UnitHistory other) =>
        HasSameDays(other) && (ReferenceEquals(Days, other.Days) || NumbersOf(this).SequenceEqual(NumbersOf(other)));

    /// <summary>True when it has the same cases on the same days, but for today, whatever became of them.</summary>
    public bool HasSameCases(UnitHistory other)
    {
        if (!HasSameDays(other))
        {
            return false;
        }

        if (ReferenceEquals(Days, other.Days))
        {
            return true;
        }

        var own = NumbersOf(this);
        var others = NumbersOf(other);
        for (var i = 0; i < own.Length; i += NumbersPerDay)
        {
            if (own[i] != others[i])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The counts of all days but today as numbers, the denominator of each day first.</summary>
    private static ReadOnlySpan<long> NumbersOf(UnitHistory history) =>
        MemoryMarshal.Cast<FigureCount, long>((history.Days as FigureCount[] ?? [.. history.Days]).AsSpan(0, history.Days.Count - 1));

    private bool HasSameDays(UnitHistory other) =>
        (FirstDay, Days.Count, ObservedFrom) == (other.FirstDay, other.Days.Count, other.ObservedFrom) && ReferenceEquals(Calendar, other.Calendar);

    public bool Equals(UnitHistory? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}
