namespace KpiStream.Ingest.Host.Plans;

internal enum GenerateFormat
{
    /// <summary>Native JSON, one event a line.</summary>
    Json,

    /// <summary>MessagePack maps, one behind another.</summary>
    Map,

    /// <summary>MessagePack compact arrays, one behind another.</summary>
    Compact,
}
