namespace KpiStream.Ingest.Host.Runs.Backtests;

/// <summary>An alert that two files of rules do not tell alike.</summary>
/// <param name="Kind"><c>+</c> only by the rules on trial, <c>-</c> only by those they are compared with, <c>~</c> by both at other times.</param>
internal sealed record TrialDifference(char Kind, string Rule, string Unit, FiredAlert? Now, FiredAlert? Before)
{
    /// <summary>Alerts of one rule and unit that fired at times that overlap are the same alert.</summary>
    /// <param name="end">Where the trial ended, milliseconds since 1970 UTC.</param>
    public static IReadOnlyList<TrialDifference> Between(RuleTrial now, RuleTrial before, long end)
    {
        var left = before.Fired.ToList();
        var differences = new List<TrialDifference>();
        foreach (var alert in now.Fired)
        {
            var same = left.Find(other => other.Rule.Id == alert.Rule.Id && other.Unit == alert.Unit
                && other.FiringSince <= (alert.ResolvedAt ?? end) && alert.FiringSince <= (other.ResolvedAt ?? end));
            if (same is null)
            {
                differences.Add(new TrialDifference('+', alert.Rule.Id, alert.Unit, alert, null));
                continue;
            }

            left.Remove(same);
            if ((same.FiringSince, same.ResolvedAt, same.Rule.Grade) != (alert.FiringSince, alert.ResolvedAt, alert.Rule.Grade))
            {
                differences.Add(new TrialDifference('~', alert.Rule.Id, alert.Unit, alert, same));
            }
        }

        differences.AddRange(left.Select(static alert => new TrialDifference('-', alert.Rule.Id, alert.Unit, null, alert)));
        return [.. differences.OrderBy(static one => one.Rule).ThenBy(static one => one.Unit).ThenBy(static one => (one.Now ?? one.Before)!.FiringSince)];
    }
}
