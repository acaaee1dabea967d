namespace KpiStream.Ingest.Host.Serving.Api;

/// <summary>What an answer is over, and the versions behind it.</summary>
/// <param name="From">The first local day; of a sliding period the instant before its first second, local time.</param>
/// <param name="To">The last local day, which may lie ahead; of a sliding period its last second.</param>
/// <param name="Closed">True once the last day has ended; late events and corrections may still change what was counted.</param>
/// <param name="Rulebook">Its name and version.</param>
/// <param name="Directory">The version of the directory of units.</param>
internal sealed record AnsweredSpan(string From, string To, bool Closed, string Rulebook, string Directory)
{
    /// <param name="on">A day in the calendar stretch meant; null for today.</param>
    /// <param name="now">Milliseconds since 1970 UTC.</param>
    public static AnsweredSpan Of(Period period, DateOnly? on, long now, EngineOptions options)
    {
        var (rulebook, directory) = (VersionOf(options.Rulebook), options.Directory.Version);
        var today = LocalTime.DateOf(LocalTime.DayOf(now));
        if (period.Kind == PeriodKind.Sliding)
        {
            var end = LocalTime.SecondOf(now) * LocalTime.MillisPerSecond;
            var start = InstantText.ToLocalSeconds(end - (period.Seconds * LocalTime.MillisPerSecond));
            return new AnsweredSpan(start, InstantText.ToLocalSeconds(end), Closed: false, rulebook, directory);
        }

        var (from, to) = period.Kind switch
        {
            PeriodKind.Since => (period.From, today),
            PeriodKind.Range => (period.From, period.To),
            _ => CalendarPeriods.Containing(period, on ?? today, today)!.Value,
        };
        return new AnsweredSpan(PeriodText.Iso(from), PeriodText.Iso(to), Closed: to < today, rulebook, directory);
    }

    public static string VersionOf(Rulebook rulebook) => $"{rulebook.Id} {rulebook.Version}";
}
