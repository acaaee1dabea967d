namespace KpiStream.Engine.Arrivals;

/// <summary>Whether a source's silence says anything.</summary>
public enum SourceState
{
    /// <summary>An event arrived a moment ago.</summary>
    Live,

    /// <summary>None arrived, and so few were to be expected that this says nothing.</summary>
    Idle,

    /// <summary>None arrived although some should have.</summary>
    Silent,

    /// <summary>None arrived for so long that the source is taken to have been switched off.</summary>
    Gone,
}

/// <summary>What is known of a source's arrivals.</summary>
/// <param name="Source">Its name; empty for those without one and all beyond the first <see cref="SourceArrivals.MostSources"/> together.</param>
/// <param name="LastAt">When the last event arrived, milliseconds since 1970 UTC.</param>
/// <param name="Rates">What usually arrives.</param>
/// <param name="StretchesToday">Stretches of ten seconds with an event since midnight.</param>
public readonly record struct SourceArrival(string Source, long LastAt, ArrivalRates Rates, int StretchesToday);

/// <summary>A source's arrivals as they are saved: what was seen on the last days.</summary>
/// <param name="Source">Its name; empty for all others together, null for the stream as a whole.</param>
/// <param name="FirstDay">The local day on which the first event arrived.</param>
/// <param name="LastAt">As in <see cref="SourceArrival"/>.</param>
public sealed record SavedArrivals(string? Source, int FirstDay, long LastAt, IReadOnlyList<SavedHalfHour> Cells);

/// <summary>Half an hour in which something arrived.</summary>
/// <param name="Day">Local day number since 1970-01-01.</param>
/// <param name="HalfHour">0 to 47.</param>
/// <param name="Stretches">Stretches of ten seconds with an event, up to 180.</param>
/// <param name="Events">Events.</param>
public readonly record struct SavedHalfHour(int Day, int HalfHour, int Stretches, int Events);
