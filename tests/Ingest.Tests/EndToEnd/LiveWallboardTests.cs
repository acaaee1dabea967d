using KpiStream.Ingest.Tests.Host.Wallboard;

namespace KpiStream.Ingest.Tests.EndToEnd;

/// <summary>Kafka → <c>serve</c> → a page in a real browser: how long it takes until a case that was produced is seen.</summary>
[Collection(Timed.Name)]
[Trait("Category", "Kafka")]
[Trait("Category", "Browser")]
public sealed class LiveWallboardTests(OneBroker broker, WallboardBrowser browser, ITestOutputHelper output) : IClassFixture<WallboardBrowser>
{
    private const int Cases = 200;
    private const int Seed = 20250701;
    private static readonly TimeSpan AtMost = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan MeanPause = TimeSpan.FromMilliseconds(75);

    [Fact]
    public async Task CaseProduced_IsSeenWithoutReloadWithinTwoSeconds()
    {
        var node = broker.OrSkip();
        var complaints = new List<string>();
        using var folder = new TemporaryFolder();
        using var topic = await KafkaTopic.CreateAsync(node.Bootstrap, partitions: 4);
        await using var serve = await ServeProcess.OverTopicAsync(folder, node.Bootstrap, topic.Name);
        await serve.UntilReadyAsync();
        var live = await LivePage.OpenAsync(browser, serve.Url, complaints);

        var produced = await ProduceAsync(topic);
        var last = produced.GroupBy(one => one.Unit).ToDictionary(unit => unit.Key, unit => unit.Max(one => one.Cases));
        Judge(produced, await live.SightingsAsync(last, KpiStreamProcess.Limit));
        Assert.True(await live.IsSameDocumentAsync(), "the page was loaded again");
        Assert.Empty(complaints);

        var (exit, took) = await serve.TerminateAsync();
        output.WriteLine($"SIGTERM: exit {exit} after {took.TotalSeconds:F1} s");
        Assert.Equal(0, exit);
        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    /// <summary>Case after case at random moments, each in a random commune; what tile must show what, and since when.</summary>
    private async Task<List<Sighting>> ProduceAsync(KafkaTopic topic)
    {
        output.WriteLine($"seed {Seed}");
        var chance = new Random(Seed);
        var units = Shipped.Units("hungyen");
        var communes = units.Rows.Where(row => row.ValidTo is null && units.IsLeaf(row.Code)).Select(row => row.Code).ToArray();
        var counts = new Dictionary<string, int>();
        var produced = new List<Sighting>();
        for (var i = 0; i < Cases; i++)
        {
            await Task.Delay(-Math.Log(1 - chance.NextDouble()) * MeanPause);
            var unit = communes[chance.Next(communes.Length)];
            var now = DateTimeOffset.UtcNow;
            await topic.PutAsync(i % 4, CaseLines.Accepted($"live-{i}", unit, now), $"live-{i}");
            await topic.PutAsync(i % 4, CaseLines.DoneOnline($"live-{i}", now), $"live-{i}");
            var acknowledged = (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).TotalMilliseconds;
            counts[unit] = counts.GetValueOrDefault(unit) + 1;
            produced.Add(new Sighting(unit, counts[unit], acknowledged));
        }

        return produced;
    }

    private void Judge(List<Sighting> produced, IReadOnlyList<Sighting> seen)
    {
        var waits = produced
            .Select(one => seen.Where(sight => sight.Unit == one.Unit && sight.Cases >= one.Cases).Min(sight => sight.Ms) - one.Ms)
            .Order().ToList();
        output.WriteLine(
            $"acknowledged → painted, {waits.Count} cases: p50 {At(waits, 0.50):F0} ms, p90 {At(waits, 0.90):F0} ms, p99 {At(waits, 0.99):F0} ms, max "
                + $"{waits[^1]:F0} ms");
        Assert.Equal(Cases, waits.Count);
        Assert.InRange(At(waits, 0.99), -50, AtMost.TotalMilliseconds);
    }

    // The smallest wait that this many of all waits do not exceed.
    private static double At(List<double> ordered, double share) => ordered[(int)Math.Ceiling(share * ordered.Count) - 1];
}
