namespace KpiStream.Ingest.Sources.Configuration.Text;

/// <summary>
/// The bounds of a stretch of time, as they are given on the command line and in plans: an instant, or a local day, which means where it begins.
/// </summary>
public static class DayOrInstant
{
    /// <summary>For messages.</summary>
    public const string Form = "a day or an instant like 2025-07-15 or 2025-07-15T12:00:00+07:00";

    /// <summary>Reads one, as milliseconds since 1970 UTC; null where it is neither, or not given.</summary>
    public static long? Parse(string? text) => text is null ? null
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? LocalTime.StartOfDay(LocalTime.DayOf(day))
        : InstantText.TryParse(Encoding.UTF8.GetBytes(text), out var millis) ? millis
        : null;
}
