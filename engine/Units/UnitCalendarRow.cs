namespace KpiStream.Engine.Units;

/// <summary>What a unit's calendar says besides the country's.</summary>
public enum UnitDays
{
    /// <summary>Nobody works on the days of the row.</summary>
    Closed,

    /// <summary>All of them are whole working days, weekends and holidays too.</summary>
    Worked,

    /// <summary>All of them are worked until noon.</summary>
    Morning,

    /// <summary>Their Saturdays are worked until noon as a rule, holidays and Saturdays made up excepted.</summary>
    SaturdayMornings,
}

/// <summary>A row of the units' own calendar: what holds for a unit and all below it, those excepted whose own rows say otherwise of a day.</summary>
/// <param name="Unit">The unit's code.</param>
/// <param name="From">The first local day.</param>
/// <param name="To">The last one; null for no end, which only <see cref="UnitDays.SaturdayMornings"/> may have.</param>
/// <param name="Days">What holds on them.</param>
/// <param name="IsExpected">True while nobody has announced it.</param>
/// <param name="Reason">The decision it rests on, or what happened.</param>
public sealed record UnitCalendarRow(string Unit, DateOnly From, DateOnly? To, UnitDays Days, bool IsExpected, string Reason)
{
    /// <summary>True for days by themselves, which go before Saturday mornings.</summary>
    public bool IsOfDays => Days != UnitDays.SaturdayMornings;

    /// <summary>True when both say something of the same days, so that nobody can tell which holds.</summary>
    public bool Overlaps(UnitCalendarRow other) => Unit == other.Unit && IsOfDays == other.IsOfDays
        && From <= (other.To ?? DateOnly.MaxValue) && other.From <= (To ?? DateOnly.MaxValue);

    /// <summary>Its days, where it is of days.</summary>
    internal IEnumerable<CalendarDay> Expand()
    {
        for (var date = From; date <= To; date = date.AddDays(1))
        {
            yield return new CalendarDay(date, Days != UnitDays.Closed) { IsMorning = Days == UnitDays.Morning, IsExpected = IsExpected, Name = Reason };
        }
    }
}
