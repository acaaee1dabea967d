namespace KpiStream.Engine.Time;

/// <summary>How long offices are open on a day.</summary>
public enum DayHours : byte
{
    Closed,

    /// <summary>7:00 to 11:30.</summary>
    Morning,

    /// <summary>Eight hours.</summary>
    Whole,
}

/// <summary>A row of a working calendar: a day that is closed although it is no weekend, or worked although it is one.</summary>
public sealed record CalendarDay(DateOnly Date, bool IsWorked)
{
    /// <summary>True for a worked day that ends at noon; only units have them.</summary>
    public bool IsMorning { get; init; }

    /// <summary>True while nobody has announced it: it may change.</summary>
    public bool IsExpected { get; init; }

    /// <summary>The holiday, or the reason; may be empty.</summary>
    public string Name { get; init; } = "";

    public DayHours Hours => !IsWorked ? DayHours.Closed : IsMorning ? DayHours.Morning : DayHours.Whole;
}

/// <summary>Saturday mornings on which a unit is open, as a rule and until further notice.</summary>
/// <param name="From">The first local day.</param>
/// <param name="To">The last one; null for no end.</param>
/// <param name="IsExpected">True while nobody has announced it.</param>
/// <param name="Reason">The decision it rests on; may be empty.</param>
public readonly record struct SaturdayMornings(DateOnly From, DateOnly? To, bool IsExpected, string Reason)
{
    public bool Contain(DateOnly day) => day >= From && !(day > To);
}
