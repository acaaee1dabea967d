using KpiStream.Engine.Arrivals;
using KpiStream.Ingest.Host.Serving.Alerts;

namespace KpiStream.Ingest.Host.Serving.Liveness;

/// <summary>Which sources were heard of, at one moment. Immutable.</summary>
/// <param name="Stream">The stream as a whole; null while the past is read.</param>
/// <param name="Sources">In the order of their first events.</param>
internal sealed record SourcesReading(SourceState? Stream, IReadOnlyList<SourceReading> Sources)
{
    /// <summary>While the past is read.</summary>
    public static readonly SourcesReading None = new(null, []);

    /// <summary>When the line to the sources last showed life, milliseconds since 1970 UTC; 0 for never.</summary>
    public long HeardAt { get; init; }

    /// <summary>When the last event of any source arrived, likewise; null before the first, and while the past is read.</summary>
    public long? LastAt { get; init; }

    /// <summary>True when none of the sources that are waited for gives what it should.</summary>
    public bool AreAllSilent => Sources.Any(static one => one.State == SourceState.Silent)
        && Sources.All(static one => one.State is SourceState.Silent or SourceState.Gone);

    /// <summary>One by its name; null when nothing is known of it.</summary>
    public SourceReading? Find(string source) => Sources.FirstOrDefault(one => one.Source == source);

    /// <summary>For the trust line, what is not heard of first; null while the past is read.</summary>
    public IReadOnlyList<BoardSource>? ForBoard(long now) => Stream is null ? null :
    [
        .. Sources.OrderBy(static one => one.State switch { SourceState.Silent => 0, SourceState.Idle => 1, SourceState.Live => 2, _ => 3 })
            .Take(BoardSource.MostShown).Select(one => one.ForBoard(now)),
    ];
}

/// <summary>One source.</summary>
/// <param name="Source">Its name; empty for those without one and all beyond the first 64 together.</param>
/// <param name="LastAt">When its last event arrived, milliseconds since 1970 UTC.</param>
/// <param name="Silence">How long ago that was, by a clock that nobody sets.</param>
/// <param name="IsOfficeTime">True at a time when offices work.</param>
/// <param name="ExpectedPerHour">Events it usually sends in an hour at this time; null when too few days of it are known.</param>
internal sealed record SourceReading(string Source, SourceState State, long LastAt, TimeSpan Silence, bool IsOfficeTime, double? ExpectedPerHour)
{
    /// <summary>As interfaces call it.</summary>
    public string StateName => NameOf(State);

    public static string NameOf(SourceState state) => state.ToString().ToLowerInvariant();

    /// <summary>When it last sent something, as the end of a sentence.</summary>
    public static string Moment(long at, long now)
    {
        var day = LocalTime.DayOf(at);
        return VietnameseText.Hour(at) + (day == LocalTime.DayOf(now) ? "" : $" ngày {VietnameseText.Day(LocalTime.DateOf(day))}");
    }

    /// <summary>Why nothing is to be expected.</summary>
    public static string Idle(bool isOfficeTime) => isOfficeTime ? "ít sự kiện" : "ngoài giờ";

    public BoardSource ForBoard(long now)
    {
        var name = Source.Length == 0 ? "nguồn khác" : $"nguồn {Source}";
        return new BoardSource(Source, StateName, InstantText.ToLocalSeconds(LocalTime.FloorDiv(LastAt, 60_000) * 60_000), State switch
        {
            SourceState.Silent => $"{name} im lặng từ {Moment(LastAt, now)}",
            SourceState.Idle => $"{name} {Idle(IsOfficeTime)}, gần nhất {Moment(LastAt, now)}",
            SourceState.Gone => $"{name} không còn gửi từ ngày {VietnameseText.Day(LocalTime.DateOf(LocalTime.DayOf(LastAt)))}",
            _ => $"{name} đang gửi",
        });
    }
}
