using System.Text.Json.Serialization;

namespace KpiStream.Ingest.Host.Runs.Load;

/// <summary>What a run came to: the JSON of <c>--report</c>. Latencies are milliseconds.</summary>
internal sealed record LoadReport
{
    private static readonly JsonSerializerOptions Format = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public required string Name { get; init; }

    /// <summary>
    /// <c>ok</c>, <c>failed</c> (a goal, the answer, or events that did not arrive), <c>void</c> (the sender fell behind by itself) or <c>stopped</c>.
    /// </summary>
    public required string Verdict { get; init; }

    /// <summary>Why it is not ok, one sentence each.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }

    public required LoadConfiguration Plan { get; init; }

    public required LoadMachine Machine { get; init; }

    /// <summary>When it began, local time.</summary>
    public required string Started { get; init; }

    public required double Seconds { get; init; }

    public required long Sent { get; init; }

    public required long Applied { get; init; }

    public required long Received { get; init; }

    /// <summary>Events a second, from the start until all were applied.</summary>
    public required double Sustained { get; init; }

    /// <summary>The most the sender fell behind by itself; the bound it is held to.</summary>
    public required double SenderLagMs { get; init; }

    public required double SenderLagBoundMs { get; init; }

    /// <summary>By measure.</summary>
    public required IReadOnlyDictionary<string, LatencySummary> Latencies { get; init; }

    public required LoadAnswerReport Answer { get; init; }

    public required IReadOnlyList<GoalReport> Goals { get; init; }

    /// <summary>What was done to the target or the events on purpose, one sentence each.</summary>
    public required IReadOnlyList<string> Faults { get; init; }

    public required IReadOnlyList<LoadSample> Samples { get; init; }

    public static LoadReport? TryRead(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<LoadReport>(json, Format);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static string ToJson(IReadOnlyList<LoadReport> reports) => JsonSerializer.Serialize(reports.Count == 1 ? reports[0] : (object)reports, Format);

    [JsonIgnore]
    public bool IsOk => Verdict == "ok";
}

/// <summary>What was asked for.</summary>
internal sealed record LoadConfiguration(string Source, string Target, string Pace, string Units, int Shards, int Provinces, int Loop, double ShiftDays)
{
    /// <summary>The latencies of what was due in the first seconds are not measured.</summary>
    public double WarmUpSeconds { get; init; }
}

/// <summary>Where it ran.</summary>
internal sealed record LoadMachine(string Processor, int Cores, double MemoryGb, string System, string Runtime, string Version, double LoadBefore);

/// <summary>A latency, milliseconds.</summary>
internal sealed record LatencySummary(long Count, double P50, double P90, double P99, double P999, double P9999, double Max)
{
    /// <summary>The whole curve: share of the events in percent, and the latency below which they stayed.</summary>
    public IReadOnlyList<double[]> Curve { get; init; } = [];
}

/// <summary>Whether the figures were right.</summary>
internal sealed record LoadAnswerReport(
    string Verdict, long RowsCompared, IReadOnlyList<string> Differences, string Fingerprint, string Expected, string StreamHash, long Rejected, long Cases)
{
    public string? Earlier { get; init; }
}

/// <summary>A condition, and what was measured.</summary>
internal sealed record GoalReport(string Goal, bool Met, string Measured);

/// <summary>One second of a run, or several where it lasted longer than <see cref="SampleSeries.Most"/>: then rates, pauses and shares are means.</summary>
/// <param name="At">Seconds since the start.</param>
/// <param name="Lag">Events that are sent and not applied yet; the most of several seconds, as is the memory.</param>
/// <param name="Latencies">By measure: median, 99th percentile and maximum of the interval, milliseconds.</param>
internal sealed record LoadSample(
    double At, double SentPerS, double AppliedPerS, long Lag, double MemoryMb, double GcPauseMs, int Gen2, double CpuShare,
    IReadOnlyDictionary<string, double[]> Latencies);
