using KpiStream.Ingest.Sources.Configuration.Loads;
using KpiStream.Ingest.Sources.Loads;

namespace KpiStream.Ingest.Host.Runs.Load;

/// <summary>The tries of a search: each a whole run, with a target of its own, at one rate for a while. Owned by one flow.</summary>
internal sealed class SearchRun(LoadPlan plan, UnitDirectory units, KafkaAccess access, TimeSpan length)
{
    /// <summary>A short source is sent again until the try is over.</summary>
    private const int MostLoops = 10_000;

    private int number;
    private long events;

    /// <summary>The report of the last try; null before the first.</summary>
    public LoadReport? Last { get; private set; }

    /// <summary>Why a try could not begin; 0 while all could.</summary>
    public int ExitCode { get; private set; }

    /// <summary>Tries a rate; null when it could not be tried or the search was stopped, which has been said.</summary>
    public async Task<TriedRate?> TryAsync(double rate, CancellationToken stop)
    {
        if (plan.Generate is null && events == 0)
        {
            var stream = new LoadStream(plan, units, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
            if (await stream.PrepareAsync(stop) is var (message, code))
            {
                Terminal.Say(message);
                ExitCode = code;
                return null;
            }

            events = stream.Survey!.Events * plan.Provinces;
        }

        var needed = (long)Math.Ceiling(rate * length.TotalSeconds);
        var tried = plan with
        {
            Pace = new RatePace(RatePace.Fixed(rate).Name, [new RateSegment(rate, rate, length)]),
            Generate = plan.Generate is { } made ? made with { Events = needed } : null,
            Loop = plan.Generate is null ? (int)Math.Clamp((needed / events) + 1, 1, MostLoops) : 1,

            // Sent again, a stream is weeks later each time, and must not lie ahead of now.
            ShiftToNow = plan.ShiftToNow || plan.Generate is null,
            Target = LoadTargets.IsKafka(plan.Target) ? $"{plan.Target}-{++number}" : plan.Target,
            Goals = [],
            WarmUp = TimeSpan.Zero,
        };
        var (report, exit) = await new LoadRun(tried, units, access, TimeProvider.System).RunAsync(stop);
        if (report is null || stop.IsCancellationRequested)
        {
            ExitCode = exit;
            return null;
        }

        Last = report;
        var p99 = report.Latencies.TryGetValue("applied", out var applied) ? applied.P99 : 0;
        var isHeld = report.IsOk && report.Sustained >= rate * LoadSearch.LeastReached;
        var verdict = report.Verdict != "ok" ? report.Verdict : isHeld ? "held" : "not held";
        Terminal.Note($"{rate,10:N0}/s: {report.Sustained:N0}/s reached, applied p99 {p99:0.000} ms, {verdict}");
        return new TriedRate(rate, report.Sustained, p99, isHeld, report.Verdict == "void");
    }
}
