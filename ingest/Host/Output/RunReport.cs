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

    /// <summary>Seconds from the start of the process to this report, which is written last: the export is in it.</summary>
    public required double WallS { get; init; }

    /// <summary>Of these, until the run began: the runtime, the options, the rulebook and the directory.</summary>
    public required double StartS { get; init; }

    /// <summary>Of these, until all was read and counted.</summary>
    public required double ReadS { get; init; }

    /// <summary>The rest: what was asked for is worked out and written.</summary>
    public required double ExportS { get; init; }

    /// <summary>Processor seconds of all threads, user and system, over the same time.</summary>
    public required double CpuS { get; init; }

    /// <summary>The most memory the process ever had, MiB.</summary>
    public required double PeakRssMb { get; init; }

    /// <summary>By <see cref="WallS"/>.</summary>
    public required double EventsPerS { get; init; }

    /// <summary>By <see cref="CpuS"/>.</summary>
    public required double CpuUsPerEvent { get; init; }

    /// <summary>While reading.</summary>
    public required double AllocatedBytesPerEvent { get; init; }

    public required GcReport Gc { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, Format);
}

internal sealed record GcReport(int Gen0, int Gen1, int Gen2, double LongestPauseMs, double TotalPauseMs);
