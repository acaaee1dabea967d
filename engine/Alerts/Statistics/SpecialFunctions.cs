namespace KpiStream.Engine.Alerts.Statistics;

/// <summary>The functions that exact tails are made of. Pure; no allocation.</summary>
public static class SpecialFunctions
{
    private const double Precision = 1e-15;
    private const double Tiny = 1e-300;

    /// <summary>Steps of a continued fraction; it needs about the root of the larger parameter, so this is enough for a hundred million cases.</summary>
    private const int MostSteps = 100_000;

    // C. Lanczos 1964 with the coefficients of P. Godfrey for g = 7: 15 correct digits for every positive argument.
    private static readonly double[] Lanczos =
    [
        0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
        -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
    ];

    private static readonly double HalfLogTwoPi = 0.5 * Math.Log(2 * Math.PI);

    /// <summary>The logarithm of the gamma function.</summary>
    /// <param name="x">Above 0.</param>
    public static double LogGamma(double x)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(x);
        if (x < 0.5)
        {
            return Math.Log(Math.PI / Math.Sin(Math.PI * x)) - LogGamma(1 - x);
        }

        x -= 1;
        var sum = Lanczos[0];
        for (var i = 1; i < Lanczos.Length; i++)
        {
            sum += Lanczos[i] / (x + i);
        }

        var t = x + Lanczos.Length - 1.5;
        return HalfLogTwoPi + ((x + 0.5) * Math.Log(t)) - t + Math.Log(sum);
    }

    /// <summary>
    /// The regularised incomplete beta function I_x(a, b), by its continued fraction (Abramowitz and Stegun 26.5.8, evaluated as by W. J. Lentz 1976).
    /// </summary>
    /// <param name="a">Above 0.</param>
    /// <param name="b">Above 0.</param>
    /// <param name="x">0 to 1.</param>
    public static double RegularisedBeta(double a, double b, double x)
    {
        if (x <= 0 || x >= 1)
        {
            return x <= 0 ? 0 : 1;
        }

        // The fraction converges fast on the side of the mean where the tail is small.
        return x < (a + 1) / (a + b + 2) ? BetaTail(a, b, x) : 1 - BetaTail(b, a, 1 - x);
    }

    /// <summary>The regularised lower incomplete gamma function P(a, x): by its series below a, by the continued fraction of its complement above.</summary>
    /// <param name="a">Above 0.</param>
    /// <param name="x">0 or more.</param>
    public static double RegularisedGamma(double a, double x) =>
        x <= 0 ? 0 : x < a + 1 ? GammaSeries(a, x) : 1 - GammaFraction(a, x);

    /// <summary>1 − P(a, x), exact where it is small.</summary>
    /// <param name="a">Above 0.</param>
    /// <param name="x">0 or more.</param>
    public static double RegularisedGammaComplement(double a, double x) =>
        x <= 0 ? 1 : x < a + 1 ? 1 - GammaSeries(a, x) : GammaFraction(a, x);

    private static double BetaTail(double a, double b, double x)
    {
        var front = Math.Exp((a * Math.Log(x)) + (b * Math.Log(1 - x)) + LogGamma(a + b) - LogGamma(a) - LogGamma(b)) / a;
        double c = 1, d = 1 / NonZero(1 - ((a + b) * x / (a + 1))), fraction = d;
        for (var m = 1; m <= MostSteps; m++)
        {
            var even = m * (b - m) * x / ((a + (2 * m) - 1) * (a + (2 * m)));
            d = 1 / NonZero(1 + (even * d));
            c = NonZero(1 + (even / c));
            fraction *= d * c;
            var odd = -(a + m) * (a + b + m) * x / ((a + (2 * m)) * (a + (2 * m) + 1));
            d = 1 / NonZero(1 + (odd * d));
            c = NonZero(1 + (odd / c));
            fraction *= d * c;
            if (Math.Abs((d * c) - 1) < Precision)
            {
                break;
            }
        }

        return Math.Clamp(front * fraction, 0, 1);
    }

    private static double GammaSeries(double a, double x)
    {
        var term = 1 / a;
        var sum = term;
        for (var n = 1; n <= MostSteps && term > sum * Precision; n++)
        {
            term *= x / (a + n);
            sum += term;
        }

        return Math.Clamp(sum * GammaFront(a, x), 0, 1);
    }

    private static double GammaFraction(double a, double x)
    {
        double b = x + 1 - a, c = 1 / Tiny, d = 1 / NonZero(b), fraction = d;
        for (var n = 1; n <= MostSteps; n++)
        {
            var step = n * (a - n);
            b += 2;
            d = 1 / NonZero((step * d) + b);
            c = NonZero(b + (step / c));
            fraction *= d * c;
            if (Math.Abs((d * c) - 1) < Precision)
            {
                break;
            }
        }

        return Math.Clamp(fraction * GammaFront(a, x), 0, 1);
    }

    private static double GammaFront(double a, double x) => Math.Exp((a * Math.Log(x)) - x - LogGamma(a));

    private static double NonZero(double value) => Math.Abs(value) < Tiny ? Tiny : value;
}
