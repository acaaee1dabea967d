using KpiStream.Ingest.Host.Serving.Alerts;

namespace KpiStream.Ingest.Host.Serving.Liveness;

/// <summary>What a board says of its source: one state, from which page, figures and alerts follow.</summary>
/// <param name="Phase">
/// <c>lost</c> (it cannot be read), <c>loading</c> (its past is read, nothing is judged), <c>silent</c> (it answers, and gave no event for too long) or
/// <c>live</c>.
/// </param>
/// <param name="Text">In Vietnamese, for the board.</param>
internal readonly record struct LiveState(string Phase, string Text)
{
    private const string Loading = "loading";

    /// <summary>True when nothing shown may look good.</summary>
    public bool IsStale => Phase is "lost" or "silent";

    /// <param name="health">What the source says of itself.</param>
    /// <param name="watch">What was heard of it.</param>
    /// <param name="limit">How long a source may be silent.</param>
    /// <param name="now">Milliseconds since 1970 UTC.</param>
    public static LiveState Of(SourceHealth health, LivenessSink watch, TimeSpan limit, long now)
    {
        // A wall clock put back must not make a dead source look alive until it has caught up.
        var isUnheard = Math.Abs(now - watch.HeardAt) > limit.TotalMilliseconds;
        var phase = health.IsBroken || isUnheard ? "lost" : !watch.IsCaughtUp ? Loading : watch.Arrivals.Silence > limit ? "silent" : "live";

        // A source that says nothing special may be the default of its type.
        var text = (phase, health.Text ?? "") switch
        {
            ("lost", "") => "không nhận được tín hiệu từ nguồn dữ liệu",
            (Loading, "") => "đang đọc lại dữ liệu",
            ("silent", "") => SilentSince(watch.Arrivals.At, now),
            ("silent", var said) => $"{SilentSince(watch.Arrivals.At, now)}; {said}",
            (_, "") => "đang nhận dữ liệu",
            (_, var said) => said,
        };
        return new LiveState(phase, text);
    }

    private static string SilentSince(long? at, long now)
    {
        if (at is not { } last)
        {
            return "chưa có sự kiện nào";
        }

        var day = LocalTime.DayOf(last) == LocalTime.DayOf(now) ? "" : $" ngày {VietnameseText.Day(LocalTime.DateOf(LocalTime.DayOf(last)))}";
        return $"không có sự kiện từ {VietnameseText.Hour(last)}{day}";
    }
}
