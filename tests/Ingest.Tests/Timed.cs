namespace KpiStream.Ingest.Tests;

/// <summary>
/// Tests that measure or wait by the clock: they run after all others and one at a time, because on two cores a neighbour would be what they measure.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Timed : ICollectionFixture<OneBroker>
{
    public const string Name = "timed";
}
