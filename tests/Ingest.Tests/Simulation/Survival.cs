namespace KpiStream.Ingest.Tests.Simulation;

/// <summary>What of the disk outlives a crash.</summary>
internal enum Survival
{
    /// <summary>The process was killed: everything written is there, and what was not flushed is still not on disk.</summary>
    Kill,

    /// <summary>The power was cut, and nothing is there that was not flushed.</summary>
    Nothing,

    /// <summary>The power was cut, and everything had just reached the disk.</summary>
    Everything,

    /// <summary>The power was cut, and of what was not flushed the last write of each file is there by half.</summary>
    Torn,

    /// <summary>The power was cut, and of every single write that was not flushed all, half or nothing is there.</summary>
    Chance,
}
