using KpiStream.Engine.Alerts.Statistics;

namespace KpiStream.Engine.Alerts;

/// <summary>
/// The lower CUSUM of a unit's days against what is usual for it (E. S. Page 1954, with the log-likelihood ratio of negative binomial means; M. Höhle and
/// M. Paul 2008), and what it rests on. Immutable.
/// </summary>
/// <param name="Usual">What is usual.</param>
/// <param name="Fall">The share of it that is looked for.</param>
/// <param name="Score">The CUSUM now: by so much the days since <see cref="Since"/> are better explained by the fall, as a natural logarithm.</param>
/// <param name="Since">The first day of the stretch it comes from; the last day compared where there is none.</param>
/// <param name="Count">Cases since then.</param>
/// <param name="Expected">Cases that are usual in as many days.</param>
/// <param name="Cautious">The same by the cautious level.</param>
/// <param name="Spread">The dispersion of the sum of those days.</param>
/// <param name="Last">The last day compared.</param>
public sealed record PaceTrack(
    PaceBaseline Usual, double Fall, double Score, int Since, long Count, double Expected, double Cautious, double Spread, int Last)
{
    /// <summary>
    /// Above this the score grows no further, so that a unit that has recovered is clear after some days and not after as many as it was slow. About twice
    /// the limit of an alarm.
    /// </summary>
    public const double MostScore = 12;

    public static PaceTrack Of(UnitHistory history, PaceBaseline usual, double fall)
    {
        var (score, since, count, expected, cautious, squares) = (0.0, usual.Recent[^1], 0L, 0.0, 0.0, 0.0);
        foreach (var day in usual.Recent)
        {
            var (cases, mean) = (history.On(day).Denominator, usual.MeanOn(day, isCautious: true));
            var step = mean > 0 ? Tails.LogRatioOfMeans(cases, mean, mean * fall, usual.Dispersion) : 0;
            if (score == 0)
            {
                (since, count, expected, cautious, squares) = (day, 0, 0, 0, 0);
            }

            score = Math.Clamp(score + step, 0, MostScore);
            (count, expected, cautious, squares) = (count + cases, expected + usual.MeanOn(day), cautious + mean, squares + (mean * mean));
        }

        return new PaceTrack(
            usual, fall, score, since, count, expected, cautious, cautious > 0 ? usual.Dispersion * squares / (cautious * cautious) : 0, usual.Recent[^1]);
    }

    /// <summary>Between these, both included, lie the cases of 95 of 100 such stretches of a unit that is as it was.</summary>
    public (long Low, long High) Range => Tails.UsualRange(Expected, Spread);

    /// <summary>The probability of so few cases or fewer since <see cref="Since"/> in a unit that is as it was.</summary>
    public double Chance => Tails.NegativeBinomialAtMost(Count, Cautious, Spread);
}
