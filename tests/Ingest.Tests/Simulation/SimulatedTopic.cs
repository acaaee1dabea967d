namespace KpiStream.Ingest.Tests.Simulation;

/// <summary>A topic as a reader sees it: partitions that grow, and some that are added. It outlives every process.</summary>
internal sealed class SimulatedTopic
{
    private readonly List<List<byte[]>> partitions = [[]];

    public int Count => partitions.Count;

    /// <summary>True when nothing more is to come.</summary>
    public bool IsComplete { get; set; }

    public IEnumerable<byte[]> Records => partitions.SelectMany(records => records);

    public IReadOnlyList<byte[]> this[int partition] => partitions[partition];

    /// <summary>A record more, now and then in a new partition.</summary>
    public void Append(byte[] record, Random random)
    {
        if (partitions.Count < 5 && random.Next(60) == 0)
        {
            partitions.Add([]);
        }

        partitions[random.Next(partitions.Count)].Add(record);
    }
}
