using KpiStream.Engine.Arrivals;

namespace KpiStream.Ingest.Host.Serving.Liveness;

/// <summary>
/// Judges the silence of every source, measured by a clock that nobody sets, and says in the log when one falls silent that should not. Owned by the publisher;
/// bounded like <see cref="SourceArrivals"/>.
/// </summary>
/// <param name="warn">Told in English, once for each silence.</param>
internal sealed class SourceWatch(LivenessSink watch, SilencePolicy policy, TimeProvider time, Action<string> warn)
{
    private readonly Dictionary<string, (long At, long Stamp)> heard = [];
    private readonly HashSet<string> told = [];

    /// <summary>To be asked once the past has been read.</summary>
    /// <param name="now">Milliseconds since 1970 UTC.</param>
    public SourcesReading Read(long now)
    {
        var (whole, each) = watch.Intake.Arrivals?.Read(LocalTime.DayOf(now), policy.Calendar) ?? (new SourceArrival("", 0, ArrivalRates.Unknown, 0), []);
        var isOfficeTime = policy.IsOfficeTime(now);
        var sources = each.Select(one => Judge(one, now, isOfficeTime)).ToList();
        return new SourcesReading(policy.Judge(whole, watch.Arrivals.Silence, now), sources);
    }

    private SourceReading Judge(SourceArrival one, long now, bool isOfficeTime)
    {
        var silence = time.GetElapsedTime(StampOf(one, now));
        var isKnown = one.Rates.WorkingDays >= SilencePolicy.EnoughWorkingDays;
        var reading = new SourceReading(
            one.Source, policy.Judge(one, silence, now), one.LastAt, silence, isOfficeTime, isKnown ? Math.Round(one.Rates.EventsPerHour(now), 1) : null);
        if (reading.State != SourceState.Silent)
        {
            told.Remove(one.Source);
        }
        else if (isKnown && told.Add(one.Source))
        {
            warn($"Source '{one.Source}' has sent no event since {InstantText.ToLocalSeconds(one.LastAt)}, though it usually sends about "
                + $"{reading.ExpectedPerHour} an hour at this time: see whether it still runs and reaches the log.");
        }

        return reading;
    }

    private long StampOf(SourceArrival one, long now)
    {
        if (!heard.TryGetValue(one.Source, out var known) || known.At != one.LastAt)
        {
            var stamp = time.GetTimestamp() - (long)(Math.Max(0, now - one.LastAt) / 1_000.0 * time.TimestampFrequency);
            heard[one.Source] = known = (one.LastAt, known == default ? stamp : Math.Max(known.Stamp, stamp));
        }

        return known.Stamp;
    }
}
