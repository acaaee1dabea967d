using KpiStream.Engine.Reconciliation;

namespace KpiStream.Ingest.Host.Plans;

/// <summary>How a server checks itself.</summary>
/// <param name="Every">From the end of a check to the next one.</param>
/// <param name="Seed">Chooses what is checked.</param>
internal sealed record SelfCheckPolicy(TimeSpan Every, int Seed)
{
    /// <summary>The share of a core that reading the log again may take.</summary>
    public double Share { get; init; } = 0.2;

    /// <summary>The memory it may take.</summary>
    public UnitDayBounds Bounds { get; init; } = UnitDayBounds.Default;
}
