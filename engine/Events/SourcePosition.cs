namespace KpiStream.Engine.Events;

/// <summary>Where a record came from: a partition of a source and its place in it.</summary>
/// <param name="Partition">Kafka's partition, or the number of the file in the order given.</param>
/// <param name="Offset">Kafka's offset, or the line number counted from 1 (skipped blank lines included).</param>
public readonly record struct SourcePosition(int Partition, long Offset);
