using KpiStream.Engine.Windowing;
using KpiStream.Ingest.Sources.Configuration.Text;

namespace KpiStream.Ingest.Sources.Configuration;

/// <summary>Reads <c>kpistream.yaml</c>. Every mistake is reported with its line; what is left out has its default.</summary>
public static class SettingsYaml
{
    private const int MaxShards = 64;
    private const int MaxWindows = 16;
    private const int MaxSources = 1_000;
    private const int MaxSourceBytes = 32;
    private const int MaxRecordBytes = 16 << 20;
    private const int MaxBatchBytes = 256 << 20;
    private const int MaxBatchRecords = 1_000_000;

    /// <summary>Reads settings; paths are left as written.</summary>
    /// <param name="file">What to call it in messages.</param>
    /// <param name="text">The YAML text.</param>
    /// <param name="problems">Gets every mistake found.</param>
    /// <param name="rulebook">When given, alerts may only name its figures.</param>
    /// <returns>The settings, or null when a mistake was found.</returns>
    public static Settings? Parse(string file, string text, ICollection<ConfigProblem> problems, Rulebook? rulebook = null)
    {
        var log = new ProblemLog(file, problems);
        if (YamlText.Parse(text, log) is not { } root)
        {
            return null;
        }

        var defaults = Settings.Default;
        var settings = new Settings
        {
            Units = root.Text("units") ?? defaults.Units,
            Rulebook = root.Text("rulebook"),
            Procedures = root.Text("procedures"),
            Targets = root.Text("targets"),
            Calendar = root.Text("calendar"),
            UnitCalendars = root.Text("unit_calendars"),
            Windows = ReadWindows(root) ?? defaults.Windows,
            Shards = root.Integer("shards", 1, MaxShards) ?? defaults.Shards,
            Kafka = ReadKafka(root.Section("kafka")),
            Log = ReadLog(root.Section("log")),
            Profiles = [.. root.Sections("profiles").Select(ProfileChoiceYaml.Read)],
            Http = HttpSettingsYaml.Read(root.Section("http")),
            Access = AccessSettingsYaml.Read(root),
            Otlp = ReadMetrics(root.Section("metrics")),
            StateFolder = root.Text("state_dir"),
            PseudonymKeyFile = root.Text("pseudonym_key_file"),
            Alerts = AlertSettingsYaml.Read(root.Section("alerts"), rulebook),
            StaleAfterSeconds = (int?)root.WholeSeconds("stale_after", "stale_after_seconds", TimeSpan.FromSeconds(1), TimeSpan.FromDays(1))?.TotalSeconds
                ?? defaults.StaleAfterSeconds,
            OfficeHours = ReadOfficeHours(root) ?? defaults.OfficeHours,
        };
        settings = ReadLimits(root, settings) with { DeadLetters = DeadLetterSettingsYaml.Read(root.Section("dead_letters"), settings.Kafka.Topic) };
        AccessSettingsYaml.CheckReach(root, settings);
        root.Close();
        return log.IsEmpty ? settings : null;
    }

    private static Settings ReadLimits(YamlSection root, Settings settings)
    {
        var limits = settings.Limits with { KnownSources = ReadSources(root) };
        limits = root.Word<DecodeWay>("decode") is { } way ? limits with { FastPath = way == DecodeWay.Fast } : limits;
        if (root.Section("limits") is not { } section)
        {
            return settings with { Limits = limits };
        }

        limits = limits with
        {
            MaxRecordBytes = section.Integer("max_record_bytes", 256, MaxRecordBytes) ?? limits.MaxRecordBytes,
            FutureTolerance = (long?)section.Duration("future_tolerance", "future_tolerance_minutes", TimeSpan.Zero, TimeSpan.FromDays(7))?.TotalMilliseconds
                ?? limits.FutureTolerance,
        };
        var late = (long?)section.Duration("late_after", "late_after_hours", TimeSpan.FromHours(1), TimeSpan.FromDays(366))?.TotalMilliseconds
            ?? settings.LateAfterMillis;
        section.Close();
        return settings with { Limits = limits, LateAfterMillis = late };
    }

    private static OfficeHours? ReadOfficeHours(YamlSection root)
    {
        var hours = root.Text("office_hours") is { } text ? OfficeHours.TryParse(text) : OfficeHours.Default;
        if (hours is null)
        {
            root.Report("office_hours", "must be like '07:00-17:30', of working days, or '00:00-24:00 every day'");
        }

        return hours;
    }

    private static IReadOnlyList<string> ReadSources(YamlSection root)
    {
        var sources = root.Texts("sources");
        if (sources.Count > MaxSources || sources.Any(source => Encoding.UTF8.GetByteCount(source) > MaxSourceBytes))
        {
            root.Report("sources", $"must be at most {MaxSources} names of 1 to {MaxSourceBytes} bytes");
        }

        return sources;
    }

    private static List<Period>? ReadWindows(YamlSection root)
    {
        var windows = new List<Period>();
        foreach (var name in root.Texts("windows", mayBeEmpty: false))
        {
            if (Period.TryParse(name) is { Kind: PeriodKind.Sliding } period && windows.TrueForAll(other => other.Name != name))
            {
                windows.Add(period);
            }
            else
            {
                root.Report("windows", $"must be different sliding periods like 1h or 30d, up to {Period.LongestDays}d, not '{name}'");
            }
        }

        if (windows.Count > MaxWindows)
        {
            root.Report("windows", $"has {windows.Count} periods; at most {MaxWindows} are allowed");
        }

        return windows.Count > 0 ? windows : null;
    }

    private static KafkaSettings ReadKafka(YamlSection? section)
    {
        var kafka = new KafkaSettings();
        if (section is null)
        {
            return kafka;
        }

        var properties = section.Section("properties");
        kafka = kafka with
        {
            Bootstrap = section.Text("bootstrap") ?? kafka.Bootstrap,
            Topic = section.Text("topic") ?? kafka.Topic,
            Drain = section.Word<KafkaDrain>("drain") ?? kafka.Drain,
            OpenTransactionWait = section.Duration("open_transaction_wait", "open_transaction_wait_seconds", TimeSpan.FromSeconds(1), TimeSpan.FromDays(1))
                ?? kafka.OpenTransactionWait,
            Properties = properties?.FreeTexts() ?? kafka.Properties,
            PropertyLines = properties?.Names.ToDictionary(static name => name, properties.LineOf) ?? kafka.PropertyLines,
        };
        if (BrokerList.FindMistake(kafka.Bootstrap) is { } mistake)
        {
            section.Report("bootstrap", mistake);
        }

        if (kafka.Properties.ContainsKey("bootstrap.servers"))
        {
            section.Report("properties", "the brokers are set by 'kafka.bootstrap', not by the property bootstrap.servers");
        }

        section.Close();
        return kafka;
    }

    private static LogSettings? ReadLog(YamlSection? section)
    {
        if (section is null)
        {
            return null;
        }

        var log = new LogSettings(section.RequiredText("folder") ?? "") { ApiKeyFile = section.Text("api_key_file") };
        log = log with { MaxBatchBytes = section.Integer("max_batch_bytes", MaxRecordBytes / 16, MaxBatchBytes) ?? log.MaxBatchBytes };
        log = log with { MaxBatchRecords = section.Integer("max_batch_records", 1, MaxBatchRecords) ?? log.MaxBatchRecords };
        section.Close();
        return log;
    }

    private static OtlpSettings? ReadMetrics(YamlSection? section)
    {
        var otlp = section?.Section("otlp");
        section?.Close();
        if (otlp is null)
        {
            return null;
        }

        var endpoint = otlp.WebAddress("endpoint");
        if (endpoint is { Query.Length: > 0 } or { Fragment.Length: > 0 })
        {
            otlp.Report("endpoint", "must be an address like http://localhost:4318, without anything after its path");
        }

        var interval = otlp.Duration("interval", "interval_seconds", TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        otlp.Close();
        return endpoint is null ? null : new OtlpSettings(endpoint) is var read && interval is { } every ? read with { Interval = every } : read;
    }
}
