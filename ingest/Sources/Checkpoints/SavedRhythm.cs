using KpiStream.Engine.Arrivals;

namespace KpiStream.Ingest.Sources.Checkpoints;

/// <summary>A <see cref="SavedArrivals"/> in a form that JSON can write.</summary>
/// <param name="Source">As there, as are the next two.</param>
/// <param name="HalfHours">Of each local day four numbers for each half hour in which something arrived: day, half hour, stretches, events.</param>
public sealed record SavedRhythm(string? Source, int FirstDay, long LastAt, IReadOnlyList<int> HalfHours)
{
    private const int Numbers = 4;

    public static SavedRhythm Of(SavedArrivals arrivals) => new(
        arrivals.Source, arrivals.FirstDay, arrivals.LastAt,
        [.. arrivals.Cells.SelectMany(static cell => (int[])[cell.Day, cell.HalfHour, cell.Stretches, cell.Events])]);

    public SavedArrivals ToArrivals() => new(
        Source, FirstDay, LastAt,
        [
            .. HalfHours.Chunk(Numbers).Where(static cell => cell.Length == Numbers)
                .Select(static cell => new SavedHalfHour(cell[0], cell[1], cell[2], cell[3])),
        ]);
}
