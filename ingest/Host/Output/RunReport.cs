using System.Text.Json.Serialization;

namespace KpiStream.Ingest.Host.Output;

/// <summary>The JSON of <c>--report</c>.</summary>
internal sealed record RunReport
{
    private static readonly JsonSerializerOptions Format = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public required long Events { get; init; }

    /// <summary>Events that changed something kept of their case: a register, its stamp or a first time.</summary>
    public required long Applied { get; init; }

    /// <summary>Valid events that changed nothing.</summary>
    public required long Duplicates { get; init; }

    public required IReadOnlyDictionary<string, long> Rejected { get; init; }

    public required long Late { get; init; }

    public required long? Tombstones { get; init; }

    public required long Cases { get; init; }

    /// <summary>The instant counted as now, local time.</summary>
    public required string Now { get; init; }

    public required string Fingerprint { get; init; }

    /// <summary>From the start of the run to the figures being ready to write.</summary>
    public required double WallS { get; init; }

    public required double CpuS { get; init; }

    public required double PeakRssMb { get; init; }

    public required double EventsPerS { get; init; }

    public required double CpuUsPerEvent { get; init; }

    public required double AllocatedBytesPerEvent { get; init; }

    public required GcReport Gc { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, Format);
}

/// <summary>Garbage collections during a run.</summary>
internal sealed record GcReport(int Gen0, int Gen1, int Gen2, double LongestPauseMs, double TotalPauseMs);
