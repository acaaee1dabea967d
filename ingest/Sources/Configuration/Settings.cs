using KpiStream.Engine.Windowing;
using KpiStream.Ingest.Sources.Configuration.Rules;

namespace KpiStream.Ingest.Sources.Configuration;

/// <summary>What an operator may set, from <c>kpistream.yaml</c>. Every property has the default that holds without a file. Immutable.</summary>
public sealed record Settings
{
    public static readonly Settings Default = new();

    /// <summary>A name of <see cref="Shipped.UnitNames"/>, or the path of a unit directory.</summary>
    public string Units { get; init; } = "hungyen";

    /// <summary>The path of a rulebook; null for the shipped one.</summary>
    public string? Rulebook { get; init; }

    /// <summary>The path of a procedure catalogue; null for none.</summary>
    public string? Procedures { get; init; }

    /// <summary>The path of the units' own targets; null for none.</summary>
    public string? Targets { get; init; }

    /// <summary>The path of a working calendar; null for the shipped one.</summary>
    public string? Calendar { get; init; }

    /// <summary>The path of what units add to the working calendar; null for nothing.</summary>
    public string? UnitCalendars { get; init; }

    /// <summary>Record size, future tolerance and the sources that may speak.</summary>
    public DecodeLimits Limits { get; init; } = DecodeLimits.Default;

    /// <summary>How far an event's <c>at</c> must lie before the newest of its source to be late, in milliseconds.</summary>
    public long LateAfterMillis { get; init; } = 24 * 3_600_000L;

    /// <summary>How many threads fold cases, 1–64.</summary>
    public int Shards { get; init; } = 2;

    public KafkaSettings Kafka { get; init; } = new();

    /// <summary>The log of a site without Kafka; null where Kafka is read.</summary>
    public LogSettings? Log { get; init; }

    /// <summary>Sources that do not send the native form.</summary>
    public IReadOnlyList<ProfileChoice> Profiles { get; init; } = [];

    public HttpSettings Http { get; init; } = new();

    /// <summary>Who may do what; null when everybody who reaches this machine's own addresses may do everything but post.</summary>
    public AccessSettings? Access { get; init; }

    /// <summary>The sliding periods kept, at least one.</summary>
    public IReadOnlyList<Period> Windows { get; init; } = [.. ((string[])["1h", "24h", "7d", "30d"]).Select(name => Period.TryParse(name)!)];

    /// <summary>
    /// The folder of what must outlive the program; null for the service manager's, or the default (<see cref="Configuration.StateFolder"/>).
    /// </summary>
    public string? StateFolder { get; init; }

    /// <summary>
    /// The file holding the pseudonym key, made when missing; null for the environment's, or one in the state folder
    /// (<see cref="PseudonymKeyChoice"/>).
    /// </summary>
    public string? PseudonymKeyFile { get; init; }

    public AlertSettings Alerts { get; init; } = new();

    /// <summary>The OpenTelemetry collector that metrics are pushed to; null for none.</summary>
    public OtlpSettings? Otlp { get; init; }

    public DeadLetterSettings DeadLetters { get; init; } = new();

    /// <summary>
    /// After this many seconds without an event the board says that its data is stale, and alerts stand still, unless none was to be expected.
    /// </summary>
    public int StaleAfterSeconds { get; init; } = 60;

    /// <summary>When events are expected of a source of which fewer than two working days are known.</summary>
    public OfficeHours OfficeHours { get; init; } = OfficeHours.Default;
}

/// <summary>Which profile reads which records: all of a topic, or those whose key <c>source</c> says a name. One of the two is given.</summary>
/// <param name="Topic">A Kafka topic.</param>
/// <param name="Source">A source's name.</param>
/// <param name="Profile">A name of <see cref="Shipped.ProfileNames"/>, or the path of a profile.</param>
public sealed record ProfileChoice(string? Topic, string? Source, string Profile);

/// <summary>Where the events come from.</summary>
public sealed record KafkaSettings
{
    /// <summary>Brokers, like <c>host:9092,host2:9092</c>.</summary>
    public string Bootstrap { get; init; } = "localhost:9092";

    public string Topic { get; init; } = "cases";

    public KafkaDrain Drain { get; init; } = KafkaDrains.Default;

    /// <summary>How long an open transaction is waited for before it is said that it holds records back.</summary>
    public TimeSpan OpenTransactionWait { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>Properties handed to the Kafka client as they are. May hold secrets: never logged.</summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>();

    /// <summary>The line of each in the settings file, for messages; none of those that were given elsewhere.</summary>
    public IReadOnlyDictionary<string, int> PropertyLines { get; init; } = new Dictionary<string, int>();
}

/// <summary>A log of our own instead of Kafka, fed over HTTP.</summary>
/// <param name="Folder">Where it lies.</param>
public sealed record LogSettings(string Folder)
{
    /// <summary>The file with the API keys of those who may post; null for <see cref="ApiKeyFile.DefaultName"/> in the folder.</summary>
    public string? ApiKeyFile { get; init; }

    /// <summary>The longest batch in bytes, decompressed.</summary>
    public int MaxBatchBytes { get; init; } = 16 << 20;

    /// <summary>The most records in a batch. What is in a few kilobytes of compressed nothing is bounded by this, not by its bytes.</summary>
    public int MaxBatchRecords { get; init; } = 100_000;
}

/// <summary>An OpenTelemetry collector that takes OTLP over HTTP.</summary>
/// <param name="Endpoint">http or https; like OpenTelemetry's own setting without the path of the metrics, or with it.</param>
public sealed record OtlpSettings(Uri Endpoint)
{
    private const string Path = "/v1/metrics";

    /// <summary>How long from one export to the next.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(1);

    public Uri MetricsUrl =>
        Endpoint.AbsolutePath.EndsWith(Path) ? Endpoint : new Uri(Endpoint.AbsoluteUri.TrimEnd('/') + Path);

    /// <summary>Without path and user, which may hold a secret.</summary>
    public override string ToString() => $"{Endpoint.Scheme}://{Endpoint.Authority}";
}
