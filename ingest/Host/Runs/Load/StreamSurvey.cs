using KpiStream.Ingest.Sources.Loads;

namespace KpiStream.Ingest.Host.Runs.Load;

/// <summary>What a look over a whole stream tells: needed before it is moved to now, repeated, or merged.</summary>
internal sealed class StreamSurvey
{
    private readonly PartitionClock clock = new();

    public long Events { get; private set; }

    /// <summary>The first event's time, milliseconds.</summary>
    public long First { get; private set; } = long.MaxValue;

    /// <summary>The greatest time, milliseconds.</summary>
    public long Last { get; private set; } = long.MinValue;

    public int Partitions => clock.Partitions;

    /// <summary>True where the events lie in the merged order.</summary>
    public bool IsOrdered => clock.IsOrdered;

    /// <summary>The first unit that received a case; null where none did.</summary>
    public string? FirstUnit { get; private set; }

    public void Add(int partition, long time, string? unit)
    {
        Events++;
        First = Math.Min(First, time);
        Last = Math.Max(Last, clock.Pass(partition, time));
        FirstUnit ??= unit is { Length: > 0 } ? unit : null;
    }
}
