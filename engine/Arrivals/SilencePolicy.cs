namespace KpiStream.Engine.Arrivals;

/// <summary>Tells a dead source from an idle night, by what it usually sends at such a time; by office hours while that is not known. Pure.</summary>
/// <param name="Limit">A silence up to this says nothing.</param>
/// <param name="Office">When events are expected of a source of which less than <see cref="EnoughDays"/> complete working days are known.</param>
/// <param name="Calendar">Working days.</param>
public sealed record SilencePolicy(TimeSpan Limit, OfficeHours Office, WorkingCalendar Calendar)
{
    /// <summary>This number of complete days of a kind, working or not, must be known before anything is expected of the next.</summary>
    public const int EnoughDays = 2;

    /// <summary>
    /// So many stretches of ten seconds with an event must be missing. Where events come independently of each other chance does that once in 22,000 pauses
    /// (e^−10); a busy source has hundreds of them a day.
    /// </summary>
    public const double Improbable = 10;

    /// <summary>A source that was silent for longer is not waited for any more.</summary>
    public static readonly TimeSpan GoneAfter = TimeSpan.FromDays(30);

    /// <summary>True at a time when events are expected of a source of which nothing else is known.</summary>
    public bool IsOfficeTime(long now) => Office.Contain(now, Calendar);

    /// <param name="source">What is known of it.</param>
    /// <param name="silence">How long ago its last event arrived.</param>
    /// <param name="now">Milliseconds since 1970 UTC.</param>
    public SourceState Judge(in SourceArrival source, TimeSpan silence, long now)
    {
        if (silence <= Limit)
        {
            return SourceState.Live;
        }

        if (silence > GoneAfter)
        {
            return SourceState.Gone;
        }

        var last = now - (long)silence.TotalMilliseconds;
        var isOverdue = source.Rates.WorkingDays < EnoughDays
            ? IsOfficeTime(now) && Office.Within(last, now, Calendar) > Limit.TotalMilliseconds
            : source.Rates.Expected(last, now) * PaceOf(in source, last, now) >= Improbable;
        return isOverdue ? SourceState.Silent : SourceState.Idle;
    }

    /// <summary>A day on which less than usual came before the silence is a slow day, and less is due: at most 1.</summary>
    private static double PaceOf(in SourceArrival source, long last, long now)
    {
        var midnight = LocalTime.StartOfDay(LocalTime.DayOf(now));
        return last <= midnight ? 1 : Math.Min(1, (source.StretchesToday + 1) / (source.Rates.Expected(midnight, last) + 1));
    }
}
