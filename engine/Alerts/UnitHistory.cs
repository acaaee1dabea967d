using KpiStream.Engine.Kpis;

namespace KpiStream.Engine.Alerts;

/// <summary>
/// A figure of one unit by local day, read from the engine's day cells: what rules judge that need a past. They keep no memory of their own, so a restart, a
/// back-test and an explanation come to the same verdict. Immutable.
/// </summary>
/// <param name="FirstDay">The local day of the first count.</param>
/// <param name="Days">A count for each day, the last one being today's so far.</param>
/// <param name="Calendar">Which of them were working days of the unit.</param>
public sealed record UnitHistory(int FirstDay, IReadOnlyList<FigureCount> Days, WorkingCalendar Calendar)
{
    /// <summary>The local day of the last count.</summary>
    public int LastDay => FirstDay + Days.Count - 1;

    /// <summary>The count of a day; none where the day is not in it.</summary>
    public FigureCount On(int day) => (uint)(day - FirstDay) < (uint)Days.Count ? Days[day - FirstDay] : default;
}
