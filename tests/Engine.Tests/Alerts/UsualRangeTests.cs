using KpiStream.Engine.Alerts;
using MathNet.Numerics.Distributions;

namespace KpiStream.Engine.Tests.Alerts;

/// <summary>The range that an alert calls usual holds what units that are as they were count, whatever their days are like.</summary>
public sealed class UsualRangeTests(ITestOutputHelper output)
{
    private const int Seed = 15_042;

    [Theory]
    [InlineData(3, 2.5, 0.05)]
    [InlineData(15, 20, 0.025)]
    [InlineData(7, 60, 0.1)]
    public void Range_HoldsNineteenOfTwentyStretches(int days, double mean, double dispersion)
    {
        var random = new Random(Seed);
        var (held, low, high, trials) = (0, 0, 0, 20_000);
        for (var trial = 0; trial < trials; trial++)
        {
            var means = Enumerable.Range(0, days).Select(day => mean * (0.6 + (0.2 * (day % 5)))).ToList();
            var cases = means.Sum(one => (long)Poisson.Sample(random, Gamma.Sample(random, 1 / dispersion, 1 / (dispersion * one))));
            var sum = means.Sum();
            var track = new PaceTrack(null!, 0.5, 0, 0, cases, sum, sum, dispersion * means.Sum(static one => one * one) / (sum * sum), 0);
            (held, low, high) = (held + (cases >= track.Range.Low && cases <= track.Range.High ? 1 : 0), low + (cases < track.Range.Low ? 1 : 0),
                high + (cases > track.Range.High ? 1 : 0));
        }

        output.WriteLine($"seed {Seed}: {held / (double)trials:P2} within, {low / (double)trials:P2} below, {high / (double)trials:P2} above");
        Assert.InRange(held / (double)trials, 0.945, 0.99);
        Assert.InRange(low / (double)trials, 0, 0.03);
        Assert.InRange(high / (double)trials, 0.002, 0.03);
    }
}
