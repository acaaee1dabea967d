using KpiStream.Engine.Arrivals;

namespace KpiStream.Ingest.Host.Serving.Liveness;

/// <summary>What a board says of its source: one state, from which page, figures and alerts follow.</summary>
/// <param name="Phase">
/// <c>lost</c> (it cannot be read), <c>loading</c> (its past is read, nothing is judged), <c>silent</c> (it answers, and gave no event though some should have
/// come), <c>idle</c> (it gave none, and none was to be expected) or <c>live</c>.
/// </param>
/// <param name="Text">In Vietnamese, for the board.</param>
internal readonly record struct LiveState(string Phase, string Text)
{
    /// <summary>It cannot be read.</summary>
    public const string Lost = "lost";

    private const string Loading = "loading";
    private const string Silent = "silent";
    private const string Idle = "idle";

    /// <summary>True when nothing shown may look good.</summary>
    public bool IsStale => Phase is Lost or Silent;

    /// <param name="health">What the source says of itself.</param>
    /// <param name="heard">What was heard of it, and of the sources of its events.</param>
    /// <param name="policy">How long it may be silent.</param>
    /// <param name="now">Milliseconds since 1970 UTC.</param>
    public static LiveState Of(SourceHealth health, SourcesReading heard, SilencePolicy policy, long now)
    {
        // A wall clock put back must not make a dead source look alive until it has caught up.
        var isUnheard = Math.Abs(now - heard.HeardAt) > policy.Limit.TotalMilliseconds;
        var phase = health.IsBroken || isUnheard ? Lost : heard.Stream is { } stream ? PhaseOf(stream, heard) : Loading;
        var own = (phase, heard.LastAt) switch
        {
            (Silent, { } last) => $"nguồn im lặng, không có sự kiện từ {SourceReading.Moment(last, now)}",
            (Silent, null) => "nguồn im lặng, chưa có sự kiện nào",
            (Idle, { } last) => $"{SourceReading.Idle(policy.IsOfficeTime(now))}, sự kiện gần nhất {SourceReading.Moment(last, now)}",
            (Idle, null) => $"{SourceReading.Idle(policy.IsOfficeTime(now))}, chưa có sự kiện nào",
            _ => "",
        };

        // A source that says nothing special may be the default of its type.
        var text = (phase, health.Text ?? "") switch
        {
            (Lost, "") => "không nhận được tín hiệu từ nguồn dữ liệu",
            (Loading, "") => "đang đọc lại dữ liệu",
            (Silent or Idle, "") => own,
            (Silent or Idle, var said) => $"{own}; {said}",
            (_, "") => "đang nhận dữ liệu",
            (_, var said) => said,
        };
        return new LiveState(phase, text);
    }

    private static string PhaseOf(SourceState stream, SourcesReading heard) =>
        stream is SourceState.Silent or SourceState.Gone || heard.AreAllSilent ? Silent : stream == SourceState.Idle ? Idle : "live";
}
