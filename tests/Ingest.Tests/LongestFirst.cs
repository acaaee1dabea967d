using System.Reflection;
using KpiStream.Ingest.Tests;
using KpiStream.Ingest.Tests.Host.Serving.Posting;
using KpiStream.Ingest.Tests.Host.Wallboard;
using KpiStream.Ingest.Tests.Simulation;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace KpiStream.Ingest.Tests;

/// <summary>Begins what takes longest: begun last, it would run by itself while the other threads have nothing left.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    // The rows of Kafka tests mostly wait; the simulation fills a core for a minute or two.
    private static readonly string[] Longest =
    [
        OneBroker.OfFaults, nameof(SimulationTests), OneBroker.OfSources, OneBroker.Name, OneBroker.OfForms, nameof(EventPostTests),
        nameof(SameFiguresTests), nameof(AccessibilityTests), nameof(WallboardTests), nameof(ScreensTests), nameof(RecordingCommandTests), nameof(ShellTests),
    ];

    [Fact]
    public void EveryName_IsThatOfACollection()
    {
        var types = typeof(LongestFirst).Assembly.GetTypes();
        var names = types.Where(static type => type.GetCustomAttribute<CollectionAttribute>() is null).Select(static type => type.Name)
            .Concat(types.Select(static type => type.GetCustomAttribute<CollectionDefinitionAttribute>()?.Name));
        Assert.Empty(Longest.Except(names));
    }

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection => [.. testCollections.OrderBy(static collection => RankOf(collection.TestCollectionDisplayName))];

    // A class without a collection is one by itself, named after the class.
    private static int RankOf(string name)
    {
        var rank = Array.FindIndex(Longest, one => name == one || name.Contains($".{one} ") || name.EndsWith($".{one}"));
        return rank < 0 ? Longest.Length : rank;
    }
}
