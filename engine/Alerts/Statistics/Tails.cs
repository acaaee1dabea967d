namespace KpiStream.Engine.Alerts.Statistics;

/// <summary>Exact probabilities of counts as small, or as large, as what was seen. Pure.</summary>
public static class Tails
{
    /// <summary>P(X ≤ <paramref name="count"/>) of a binomial count.</summary>
    /// <param name="count">Cases that achieved it.</param>
    /// <param name="of">Cases, each of which achieves it by itself.</param>
    /// <param name="ratio">The probability of each, 0–1.</param>
    public static double BinomialAtMost(long count, long of, double ratio) =>
        count >= of ? 1 : count < 0 ? 0 : SpecialFunctions.RegularisedBeta(of - count, count + 1, 1 - ratio);

    /// <summary>P(X ≤ <paramref name="count"/>) of a count with a variance of mean + dispersion × mean².</summary>
    /// <param name="count">What was counted.</param>
    /// <param name="mean">What was expected.</param>
    /// <param name="dispersion">The negative binomial's 1/r; 0 for a Poisson count.</param>
    public static double NegativeBinomialAtMost(long count, double mean, double dispersion)
    {
        if (count < 0 || mean <= 0)
        {
            return count < 0 ? 0 : 1;
        }

        return dispersion < LeastDispersion
            ? SpecialFunctions.RegularisedGammaComplement(count + 1, mean)
            : SpecialFunctions.RegularisedBeta(1 / dispersion, count + 1, 1 / (1 + (dispersion * mean)));
    }

    /// <summary>The least count with a <see cref="NegativeBinomialAtMost"/> of a share or more.</summary>
    /// <param name="share">Above 0 and below 1.</param>
    public static long NegativeBinomialQuantile(double share, double mean, double dispersion)
    {
        var (low, high) = (-1L, 1L);
        while (NegativeBinomialAtMost(high, mean, dispersion) < share)
        {
            (low, high) = (high, high * 2);
        }

        while (high - low > 1)
        {
            var middle = low + ((high - low) / 2);
            (low, high) = NegativeBinomialAtMost(middle, mean, dispersion) < share ? (middle, high) : (low, middle);
        }

        return high;
    }

    /// <summary>Between these, both included, lie 95 of 100 such counts.</summary>
    public static (long Low, long High) UsualRange(double mean, double dispersion) =>
        (NegativeBinomialQuantile(0.025, mean, dispersion), NegativeBinomialQuantile(0.975, mean, dispersion));

    /// <summary>P(X ≥ <paramref name="count"/>) of a Poisson count.</summary>
    public static double PoissonAtLeast(long count, double mean) => count <= 0 ? 1 : mean <= 0 ? 0 : SpecialFunctions.RegularisedGamma(count, mean);

    /// <summary>
    /// The logarithm of how much better a mean of <paramref name="low"/> explains a count than one of <paramref name="mean"/>, of negative binomial
    /// counts of one dispersion: what a lower CUSUM adds up.
    /// </summary>
    public static double LogRatioOfMeans(long count, double mean, double low, double dispersion) => dispersion < LeastDispersion
        ? (count * Math.Log(low / mean)) + mean - low
        : (count * Math.Log(low / mean)) - ((count + (1 / dispersion)) * Math.Log((1 + (dispersion * low)) / (1 + (dispersion * mean))));

    /// <summary>
    /// About the quantile of a gamma variable of a mean (E. B. Wilson and M. M. Hilferty 1931: its cube root is nearly normal); 0 at least.
    /// </summary>
    /// <param name="mean">The mean.</param>
    /// <param name="shape">The shape, above 0.</param>
    /// <param name="z">The standard normal quantile.</param>
    public static double GammaQuantile(double mean, double shape, double z)
    {
        var root = Math.Max(0, 1 - (1 / (9 * shape)) + (z / (3 * Math.Sqrt(shape))));
        return mean * root * root * root;
    }

    /// <summary>Below this a negative binomial count is a Poisson count to six digits, and its own formula loses them.</summary>
    private const double LeastDispersion = 1e-7;
}
