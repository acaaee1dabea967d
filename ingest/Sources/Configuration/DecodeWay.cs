namespace KpiStream.Ingest.Sources.Configuration;

/// <summary>How records are read. Verdicts, events and figures are the same either way.</summary>
public enum DecodeWay
{
    /// <summary>By the fast path where a record has no surprises, by the judge otherwise.</summary>
    Fast,

    /// <summary>By the judge alone: slower, and for the day on which the fast path is suspected of something.</summary>
    Judge,
}
