namespace KpiStream.Ingest.Sources.Checkpoints;

/// <summary>A <see cref="PostedState"/> in a form that JSON can write.</summary>
/// <param name="Rejected">By reason.</param>
public sealed record SavedPosted(IReadOnlyDictionary<string, long> Rejected, IReadOnlyList<SavedDay> Days)
{
    public static SavedPosted Of(PostedState state) => new(SavedReasons.Of(state.Rejected), [.. state.Days.Select(SavedDay.Of)]);

    /// <exception cref="FormatException">A reason is none that this program knows.</exception>
    public PostedState ToState() => new(SavedReasons.Read(Rejected), [.. Days.Select(day => day.ToCount())]);
}

/// <summary>A <see cref="DayCount"/> in a form that JSON can write.</summary>
public sealed record SavedDay(int Day, IReadOnlyDictionary<string, long> Rejected, long Late)
{
    public static SavedDay Of(DayCount count) => new(count.Day, SavedReasons.Of(count.Rejected), count.Late);

    /// <exception cref="FormatException">A reason is none that this program knows.</exception>
    public DayCount ToCount() => new(Day, SavedReasons.Read(Rejected), Math.Max(0, Late));
}

/// <summary>Counts by reason, with the reason as its text.</summary>
internal static class SavedReasons
{
    public static IReadOnlyDictionary<string, long> Of(IReadOnlyList<(Verdict Verdict, long Count)> counts) =>
        counts.ToDictionary(row => row.Verdict.ToString(), row => row.Count);

    /// <exception cref="FormatException">A reason is none that this program knows.</exception>
    public static IReadOnlyList<(Verdict Verdict, long Count)> Read(IReadOnlyDictionary<string, long> saved) =>
        [.. saved.Select(row => (
            Verdict.TryParse(row.Key, out var verdict) ? verdict : throw new FormatException($"'{row.Key}' is no reason."), Math.Max(0, row.Value)))];
}
