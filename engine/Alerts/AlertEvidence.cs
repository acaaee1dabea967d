namespace KpiStream.Engine.Alerts;

/// <summary>What a verdict stands on. Immutable; what means nothing for a rule is null.</summary>
public sealed record AlertEvidence
{
    /// <summary>What was counted: cases, or those of <see cref="Of"/> that achieved it.</summary>
    public long? Count { get; init; }

    /// <summary>The cases that <see cref="Count"/> is out of.</summary>
    public long? Of { get; init; }

    /// <summary>Of them, those that may have achieved it: no fact speaks against it, and some were not stated.</summary>
    public long? Unobserved { get; init; }

    /// <summary>The count expected of a healthy unit, or of this unit by its own past.</summary>
    public double? Expected { get; init; }

    /// <summary>
    /// The lower end of a 95 % interval: of a ratio (0–1), of what was measured; of a volume, of what was expected: a unit that is as it was counts
    /// less in one of forty such stretches, and more in another.
    /// </summary>
    public double? Low { get; init; }

    /// <summary>The upper end.</summary>
    public double? High { get; init; }

    /// <summary>The target in force: a ratio (0–1), or a least count.</summary>
    public double? Target { get; init; }

    /// <summary>The probability (0–1) of what was seen, or of something worse, in a healthy unit.</summary>
    public double? Chance { get; init; }

    /// <summary>The beginning of what was judged, milliseconds since 1970 UTC.</summary>
    public long? From { get; init; }

    /// <summary>Its end, likewise, not included.</summary>
    public long? To { get; init; }

    /// <summary>The keys that a source states no longer, in the order of the contract; null where keys do not matter.</summary>
    public IReadOnlyList<DroppedKey>? Keys { get; init; }

    /// <summary>The units whose alerts a silent source holds back; null for all of them, and where nothing is held back.</summary>
    public HeldUnits? Held { get; init; }

    /// <summary>The calendar of the unit that it was judged by, see <see cref="WorkingCalendar.Version"/>; null where no calendar matters.</summary>
    public string? Calendar { get; init; }

    /// <summary>Days of what was judged that are only expected to be closed, or worked: the verdict rests on them; null for none.</summary>
    public IReadOnlyList<CalendarDay>? ExpectedDays { get; init; }
}
