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

    /// <summary>
    /// Reads both clocks and everything that was heard once, at the call: all that a board says of its sources follows from the answer, however long the
    /// frame then takes. The stream as a whole is silent for as long as the source heard of last, never longer.
    /// </summary>
    /// <param name="now">Milliseconds since 1970 UTC.</param>
    public SourcesReading Read(long now)
    {
        var heardAt = watch.HeardAt;
        if (!watch.IsCaughtUp)
        {
            return SourcesReading.None with { HeardAt = heardAt };
        }

        var stamp = time.GetTimestamp();
        var (lastAt, silence) = watch.Arrivals.Read(stamp);
        var (whole, each) = watch.Intake.Arrivals?.Read(LocalTime.DayOf(now), policy.Calendar) ?? (new SourceArrival("", 0, ArrivalRates.Unknown, 0), []);
        var isOfficeTime = policy.IsOfficeTime(now);
        var sources = each.Select(one => Judge(one, now, stamp, isOfficeTime)).ToList();
        var shortest = sources.Select(static one => one.Silence).Append(silence).Min();
        return new SourcesReading(policy.Judge(whole, shortest, now), sources)
        {
            HeardAt = heardAt,
            LastAt = sources.Count > 0 ? sources.Max(static one => one.LastAt) : lastAt,
        };
    }

    private SourceReading Judge(SourceArrival one, long now, long nowStamp, bool isOfficeTime)
    {
        var silence = time.GetElapsedTime(Math.Min(nowStamp, StampOf(one, now, nowStamp)), nowStamp);
        var isKnown = one.Rates.WorkingDays >= SilencePolicy.EnoughDays;
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

    private long StampOf(SourceArrival one, long now, long nowStamp)
    {
        if (!heard.TryGetValue(one.Source, out var known) || known.At != one.LastAt)
        {
            var stamp = nowStamp - (long)(Math.Max(0, now - one.LastAt) / 1_000.0 * time.TimestampFrequency);
            heard[one.Source] = known = (one.LastAt, known == default ? stamp : Math.Max(known.Stamp, stamp));
        }

        return known.Stamp;
    }
}
