using KpiStream.Ingest.Sources.Generation;
using KpiStream.Ingest.Sources.Loads;

namespace KpiStream.Ingest.Sources.Configuration.Loads;

/// <summary>One load test: what is sent, where to, when, and what must come of it. Immutable.</summary>
public sealed record LoadPlan
{
    /// <summary>What it is called in reports.</summary>
    public string Name { get; init; } = "load";

    /// <summary>Recordings or files of native events; empty where events are generated.</summary>
    public IReadOnlyList<string> Sources { get; init; } = [];

    /// <summary>The generated stream; null where files are read.</summary>
    public LoadGeneration? Generate { get; init; }

    /// <summary><c>engine</c>, <c>kafka:TOPIC</c>, or the address of a server with an embedded log.</summary>
    public string Target { get; init; } = "engine";

    /// <summary>Kafka brokers; null where none are needed.</summary>
    public string? Bootstrap { get; init; }

    /// <summary>The partitions of the topic that is made.</summary>
    public int Partitions { get; init; } = 4;

    /// <summary>The file with the key for posting.</summary>
    public string? ApiKeyFile { get; init; }

    public LoadPace Pace { get; init; } = LoadPace.Max;

    /// <summary>Only what was recorded from this instant on, milliseconds.</summary>
    public long? From { get; init; }

    /// <summary>Only what was recorded before this instant, milliseconds.</summary>
    public long? Until { get; init; }

    /// <summary>How often the stream is sent, each time with cases of its own, whole weeks later.</summary>
    public int Loop { get; init; } = 1;

    /// <summary>True where the stream is moved by whole weeks so that it ends shortly before now.</summary>
    public bool ShiftToNow { get; init; }

    /// <summary>How many provinces are made of one.</summary>
    public int Provinces { get; init; } = 1;

    public DirtyRates Dirty { get; init; } = DirtyRates.None;

    /// <summary>Draws the dirt.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>A unit directory: a shipped one's name, or a file.</summary>
    public string Units { get; init; } = "hungyen";

    /// <summary>Threads that count, where the engine runs in this process.</summary>
    public int Shards { get; init; } = 2;

    /// <summary>
    /// Events due earlier than this after the start are sent and counted, and their latencies are not measured: a server is not judged by its start.
    /// </summary>
    public TimeSpan WarmUp { get; init; }

    /// <summary>By how much the sender may fall behind by itself before a run says nothing.</summary>
    public TimeSpan SenderLag { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>A stall of the target that is caused on purpose; null for none.</summary>
    public LoadStall? Stall { get; init; }

    /// <summary>What the run must reach.</summary>
    public IReadOnlyList<LoadGoal> Goals { get; init; } = [];

    /// <summary>
    /// The plan in a short form, to see that it works: its first two thousand events within a second, after two generated days at most. Nothing is expected of
    /// its speed.
    /// </summary>
    public LoadPlan Rehearsal() => this with
    {
        Generate = Generate is { } asked && From is { } from && LocalTime.DateOf(LocalTime.DayOf(from) - 2) is var late && late > asked.Start
            ? asked with { Start = late }
            : Generate,
        Pace = new RatePace($"rehearsal of {Pace.Text}", [new RateSegment(2_000, 2_000, TimeSpan.FromSeconds(1))]),
        WarmUp = TimeSpan.Zero,
        Stall = null,
        Goals = [],
    };
}

/// <summary>What is generated.</summary>
/// <param name="Start">The first local day.</param>
/// <param name="CasesPerDay">0 for the units' real volume.</param>
public sealed record LoadGeneration(long Events, ulong Seed, GenerateProfile Profile, DateOnly Start, long CasesPerDay);

/// <summary>The target takes nothing for a while.</summary>
/// <param name="After">Counted from the start of the run.</param>
public sealed record LoadStall(TimeSpan After, TimeSpan Length);
