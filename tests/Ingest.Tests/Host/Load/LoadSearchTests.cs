using KpiStream.Ingest.Host.Runs.Load;

namespace KpiStream.Ingest.Tests.Host.Load;

/// <summary>The search for the highest rate, on targets whose answer is known.</summary>
public sealed class LoadSearchTests
{
    [Theory]
    [InlineData(12_345, 1_000)]
    [InlineData(700, 1_000)]
    [InlineData(1_000, 1_000)]
    [InlineData(3_000_000, 1_000)]
    public async Task SearchOfATargetThatHoldsARate_FindsItToThePrecision(double limit, double from)
    {
        var search = new LoadSearch(rate => Tried(rate, rate <= limit, 1), repeats: 1, precision: 0.02);

        Assert.True(await search.RunAsync(from));
        Assert.InRange(search.Held, limit * 0.96, limit);
        Assert.InRange(search.Tries.Count, 1, 40);
    }

    [Fact]
    public async Task TriesThatDisagree_AreDecidedByMost()
    {
        const int seed = 16;
        var random = new Random(seed);
        var search = new LoadSearch(rate => Tried(rate, rate <= 10_000 ? random.Next(10) > 0 : random.Next(10) == 0, 1), repeats: 9, precision: 0.05);

        Assert.True(await search.RunAsync(1_000), $"seed {seed}");
        Assert.InRange(search.Held, 9_000, 10_600);
    }

    [Fact]
    public async Task VoidTry_IsMadeAgainAndCountsForNothing()
    {
        var turn = 0;
        var search = new LoadSearch(
            rate => Task.FromResult<TriedRate?>(new TriedRate(rate, rate, 1, IsHeld: turn % 2 == 1 && rate <= 5_000, IsVoid: turn++ % 2 == 0)), 1, 0.05);

        Assert.True(await search.RunAsync(1_000));
        Assert.InRange(search.Held, 4_750, 5_000);
    }

    [Fact]
    public async Task MachineThatCannotSend_EndsTheSearchInsteadOfBlamingTheTarget()
    {
        var search = new LoadSearch(rate => Task.FromResult<TriedRate?>(new TriedRate(rate, rate, 1, IsHeld: false, IsVoid: rate > 4_000)), 3, 0.05);

        Assert.True(await search.RunAsync(1_000));
        Assert.Equal(0, search.Held);
        search = new LoadSearch(rate => Task.FromResult<TriedRate?>(new TriedRate(rate, rate, 1, IsHeld: !(rate > 4_000), IsVoid: rate > 4_000)), 3, 0.05);
        Assert.False(await search.RunAsync(1_000));
        Assert.Equal(4_000, search.Held);
    }

    [Fact]
    public async Task Knee_IsTheLastRateBeforeLatenciesRise()
    {
        var search = new LoadSearch(rate => Tried(rate, rate <= 40_000, rate <= 9_000 ? 2 + (rate / 10_000) : 80), repeats: 1, precision: 0.5);

        Assert.True(await search.RunAsync(1_000));
        Assert.Equal(8_000, search.Knee);
    }

    private static Task<TriedRate?> Tried(double rate, bool isHeld, double p99) =>
        Task.FromResult<TriedRate?>(new TriedRate(rate, isHeld ? rate : rate / 2, p99, isHeld, IsVoid: false));
}
