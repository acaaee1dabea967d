using KpiStream.Engine.Alerts.Statistics;
using MathNet.Numerics.Distributions;
using Reference = MathNet.Numerics.SpecialFunctions;

namespace KpiStream.Engine.Tests.Alerts.Statistics;

/// <summary>The tails against MathNet.Numerics, an implementation of others, and against published tables.</summary>
public sealed class TailsTests(ITestOutputHelper output)
{
    private const int Seed = 20_261_127;

    [Fact]
    public void SpecialFunctions_AgreeWithMathNet()
    {
        var random = Seeded();
        for (var trial = 0; trial < 3_000; trial++)
        {
            var (a, b) = (Exponential(random, 0.05, 5_000), Exponential(random, 0.05, 5_000));
            var x = random.NextDouble();
            Near(Reference.GammaLn(a), SpecialFunctions.LogGamma(a), 1e-11);
            Near(Reference.BetaRegularized(a, b, x), SpecialFunctions.RegularisedBeta(a, b, x), 1e-8);
            var y = Exponential(random, 0.01, 2 * a);
            Near(Reference.GammaLowerRegularized(a, y), SpecialFunctions.RegularisedGamma(a, y), 1e-8);
            Near(1, SpecialFunctions.RegularisedGamma(a, y) + SpecialFunctions.RegularisedGammaComplement(a, y), 1e-12);
        }
    }

    [Fact]
    public void Tails_AgreeWithMathNetsSums()
    {
        var random = Seeded();
        for (var trial = 0; trial < 300; trial++)
        {
            var (of, ratio) = (random.Next(1, 400), 0.02 + (0.96 * random.NextDouble()));
            var count = random.Next(0, of + 1);
            Near(Enumerable.Range(0, count + 1).Sum(k => Binomial.PMF(ratio, of, k)), Tails.BinomialAtMost(count, of, ratio), 1e-9);

            var (mean, dispersion) = (Exponential(random, 0.1, 60), Exponential(random, 0.003, 1));
            var seen = random.Next(0, (int)(2 * mean) + 3);
            var r = 1 / dispersion;
            Near(Enumerable.Range(0, seen + 1).Sum(k => NegativeBinomial.PMF(r, r / (r + mean), k)),
                Tails.NegativeBinomialAtMost(seen, mean, dispersion), 1e-8);
            Near(Poisson.CDF(mean, seen), Tails.NegativeBinomialAtMost(seen, mean, 0), 1e-9);
            Near(1 - Poisson.CDF(mean, seen) + Poisson.PMF(mean, seen), Tails.PoissonAtLeast(seen, mean), 1e-8);
            Near(Math.Log(NegativeBinomial.PMF(r, r / (r + (mean / 2)), seen) / NegativeBinomial.PMF(r, r / (r + mean), seen)),
                Tails.LogRatioOfMeans(seen, mean, mean / 2, dispersion), 1e-6);
            Near(Gamma.InvCDF(r + 1, (r + 1) / mean, 0.2119), Tails.GammaQuantile(mean, r + 1, -0.8), 0.02);
        }
    }

    /// <summary>
    /// Binomial tables: n = 20 (Larson 1982, as in most textbooks); chi-square with 5 and 10 degrees of freedom at 95 and 99 % (NIST handbook 1.3.6.7.4);
    /// Student's t with 10 degrees at 97.5 %, 2.228 (1.3.6.7.2), as an incomplete beta.
    /// </summary>
    [Fact]
    public void PublishedValues_ComeOut()
    {
        Assert.Equal(0.0207, Tails.BinomialAtMost(5, 20, 0.5), 4);
        Assert.Equal(0.95, SpecialFunctions.RegularisedGamma(2.5, 11.070 / 2), 4);
        Assert.Equal(0.99, SpecialFunctions.RegularisedGamma(5, 23.209 / 2), 4);
        Assert.Equal(0.05, SpecialFunctions.RegularisedBeta(5, 0.5, 10 / (10 + (2.228 * 2.228))), 4);
        Assert.Equal(0.5723649429247001, SpecialFunctions.LogGamma(0.5), 12); // ln √π
        Assert.Equal(363.73937555556347, SpecialFunctions.LogGamma(101), 9); // ln 100!
    }

    /// <summary>The expected values are scipy 1.10's <c>nbinom.ppf</c> and <c>poisson.ppf</c>.</summary>
    [Theory]
    [InlineData(0.025, 62.4, 0.05, 35)]
    [InlineData(0.975, 62.4, 0.05, 97)]
    [InlineData(0.025, 17.5, 0.025, 9)]
    [InlineData(0.975, 17.5, 0.025, 28)]
    [InlineData(0.025, 0.8, 0.3, 0)]
    [InlineData(0.975, 0.8, 0.3, 3)]
    [InlineData(0.5, 1204.5, 0.003, 1203)]
    [InlineData(0.975, 1204.5, 0.003, 1354)]
    [InlineData(0.001, 250, 0.1, 71)]
    [InlineData(0.999, 250, 0.1, 573)]
    [InlineData(0.025, 17.5, 0, 10)]
    [InlineData(0.975, 17.5, 0, 26)]
    [InlineData(0.975, 0, 0.1, 0)]
    public void QuantilesOfCounts_AreScipys(double share, double mean, double dispersion, long count) =>
        Assert.Equal(count, Tails.NegativeBinomialQuantile(share, mean, dispersion));

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(5, 5, 1)]
    [InlineData(-1, 5, 0)]
    public void TheEndsOfACount_AreCertain(long count, long of, double tail) => Assert.Equal(tail, Tails.BinomialAtMost(count, of, 0.7));

    [Fact]
    public void AProvincesYear_HasATailToo()
    {
        // A million cases; the normal approximation with its correction is good to a percent here.
        var z = (699_000.5 - 700_000) / Math.Sqrt(1_000_000 * 0.7 * 0.3);
        Near(Normal.CDF(0, 1, z), Tails.BinomialAtMost(699_000, 1_000_000, 0.7), 0.01);
    }

    private Random Seeded()
    {
        output.WriteLine($"seed {Seed}");
        return new Random(Seed);
    }

    private static double Exponential(Random random, double from, double to) => from * Math.Exp(random.NextDouble() * Math.Log(to / from));

    /// <summary>Relative where it is not far below what a double resolves of 1.</summary>
    private static void Near(double expected, double found, double error) =>
        Assert.True(Math.Abs(expected - found) <= error * Math.Max(Math.Abs(expected), 1e-6), $"{found:R} is not {expected:R}");
}
