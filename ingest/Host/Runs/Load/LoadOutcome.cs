using KpiStream.Ingest.Sources.Configuration.Loads;
using KpiStream.Ingest.Sources.Loads;

namespace KpiStream.Ingest.Host.Runs.Load;

/// <summary>Everything known of a run that has ended, and the verdict on it. Pure.</summary>
internal sealed class LoadOutcome(LoadPlan plan, LoadStream stream, LoadSender sender, LoadProgress progress, LatencyBook book, (long From, long To)? stood)
{
    public required IReadOnlyList<LoadSample> Samples { get; init; }

    public required LoadAnswer Answer { get; init; }

    public required string StreamHash { get; init; }

    /// <summary>Events that did not arrive everywhere.</summary>
    public required long Missing { get; init; }

    public required string Failure { get; init; }

    public required bool IsStopped { get; init; }

    public required double Seconds { get; init; }

    public required long StartMillis { get; init; }

    public LoadReport? Earlier { get; init; }

    /// <summary>Events a second from the first due moment until all were applied.</summary>
    public double Sustained => progress.LastApplied > 0 ? progress.Applied / (progress.LastApplied / 1e9) : 0;

    private bool IsVoid => plan.Pace.IsOpenLoop && sender.WorstOwnLag > plan.SenderLag.TotalNanoseconds;

    public LoadReport Report()
    {
        var goals = plan.Goals.Select(Judge).ToList();
        var earlier = EarlierAnswer();
        List<string> reasons =
        [
            .. IsStopped ? ["it was stopped before its end"] : (string[])[],
            .. IsVoid ? [$"void: the sender fell behind its plan by {sender.WorstOwnLag / 1e6:0.0} ms by itself, and "
                + $"{plan.SenderLag.TotalMilliseconds:0} ms are the bound (sender_lag): its latencies are those of this "
                    + "machine, not of the target"]
                : (string[])[],
            .. plan.WarmUp > TimeSpan.Zero && book.Count(LoadMeasure.Applied) == 0
                ? [$"no latency was measured: nothing was due after the warm-up of {plan.WarmUp.TotalSeconds:0.###} s"] : (string[])[],
            .. Failure.Length > 0 ? [Failure] : (string[])[],
            .. Missing > 0 && !IsStopped ? [$"{Missing:N0} of {sender.Sent:N0} events did not reach the board"] : (string[])[],
            .. Answer.Differences.Select(static difference => $"the answer is wrong: {difference}"),
            .. Answer is { Compared: 0, Differences.Count: 0 } ? ["the answer could not be checked: there was nothing to compare"] : (string[])[],
            .. earlier is { Length: > 0 } ? [earlier] : (string[])[],
            .. goals.Where(static goal => !goal.Met).Select(static goal => $"not reached: {goal.Goal} (measured {goal.Measured})"),
        ];
        return new LoadReport
        {
            Name = plan.Name,
            Verdict = IsStopped ? "stopped" : IsVoid ? "void" : reasons.Count > 0 ? "failed" : "ok",
            Reasons = reasons,
            Plan = Configuration(),
            Machine = MachineFacts.Read(),
            Started = InstantText.ToLocalSeconds(StartMillis),
            Seconds = Math.Round(Seconds, 3),
            Sent = sender.Sent,
            Applied = progress.Applied,
            Received = progress.Received,
            Sustained = Math.Round(Sustained, 1),
            SenderLagMs = LatencyText.Millis(Math.Max(0, sender.WorstOwnLag)),
            SenderLagBoundMs = plan.SenderLag.TotalMilliseconds,
            Latencies = LatencyText.Summaries(book),
            Answer = new LoadAnswerReport(Answer.IsRight ? "equal" : "different", Answer.Compared, Answer.Differences, Answer.Fingerprint, Answer.Expected,
                StreamHash, Answer.Rejected, Answer.Cases)
            { Earlier = earlier is null ? null : earlier.Length > 0 ? "different" : "equal" },
            Goals = goals,
            Faults = [.. Faults()],
            Samples = Samples,
        };
    }

    /// <summary>Whether an earlier run of the same stream came to the same fingerprint: null where there is none, empty where it did.</summary>
    private string? EarlierAnswer() => Earlier is not { Answer: { Fingerprint.Length: > 0 } before } || before.StreamHash != StreamHash
        || Answer.Fingerprint.Length == 0 ? null
        : before.Fingerprint == Answer.Fingerprint ? ""
        : $"the answer is wrong: an earlier run of the same stream came to the fingerprint {before.Fingerprint}, and this one to {Answer.Fingerprint}";

    private GoalReport Judge(LoadGoal goal)
    {
        var measured = goal.Measure == LoadMeasure.Sustained ? Sustained : (double?)book.At(goal.Measure, goal.Percentile);
        var text = measured is not { } value ? "nothing" : goal.Measure == LoadMeasure.Sustained
            ? $"{value:N0}/s" : $"{value / 1e6:0.###} ms";
        return new GoalReport(goal.Text, goal.IsMetBy(measured), text);
    }

    private LoadConfiguration Configuration() => new(
        plan.Generate is { } made
            ? $"generated: {made.Events} events, seed {made.Seed}, {made.Profile.ToString().ToLowerInvariant()}, from {made.Start:yyyy-MM-dd}"
            : string.Join(", ", plan.Sources.Select(Path.GetFileName)),
        plan.Target, plan.Pace.Text, plan.Units, plan.Shards, plan.Provinces, plan.Loop, Math.Round(stream.Shift / 86_400_000.0, 3))
    {
        WarmUpSeconds = plan.WarmUp.TotalSeconds,
    };

    private IEnumerable<string> Faults()
    {
        if (stood is var (from, to))
        {
            yield return $"the target stood still from {from / 1e9:0.000} s to {to / 1e9:0.000} s";
        }

        foreach (var (name, rate) in ((string, int)[])[("malformed", plan.Dirty.Malformed), ("sent twice", plan.Dirty.Duplicate), ("late", plan.Dirty.Late),
            ("in the future", plan.Dirty.Future), ("too long", plan.Dirty.Huge)])
        {
            if (rate > 0)
            {
                yield return $"{rate / (DirtyRates.Whole / 100.0):0.####} % of the events {name}";
            }
        }
    }
}
