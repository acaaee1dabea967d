namespace KpiStream.Ingest.Sources.Logs;

/// <summary>The file of the segment that is written was taken away or cut short: what was not acknowledged yet is not stored.</summary>
public sealed class SegmentLostException(string message) : IOException(message);
