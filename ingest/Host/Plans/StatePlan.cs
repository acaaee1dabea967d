namespace KpiStream.Ingest.Host.Plans;

/// <summary>How checkpoints are kept.</summary>
/// <param name="Every">From the beginning of one to the next.</param>
/// <param name="AcceptGap">True to go on where the source continues when what comes next is gone.</param>
internal sealed record StatePlan(string Folder, TimeSpan Every, bool AcceptGap);
