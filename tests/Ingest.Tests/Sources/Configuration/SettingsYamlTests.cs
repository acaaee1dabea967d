using KpiStream.Engine.Alerts;
using KpiStream.Ingest.Sources.Configuration.Alerts;

namespace KpiStream.Ingest.Tests.Sources.Configuration;

public sealed class SettingsYamlTests
{
    [Theory]
    [InlineData("")]
    [InlineData("# nothing but a comment\n")]
    [InlineData("alerts:\nkafka: {}\nlimits:\n")]
    public void EmptySettings_AreTheDefaults(string yaml)
    {
        var (settings, problems) = Parse(yaml);

        Assert.Empty(problems);
        Assert.Equivalent(Settings.Default, settings, strict: true);
    }

    [Fact]
    public void ShippedSample_IsTheDefaultsWrittenOut()
    {
        var (settings, problems) = Parse(Shipped.Text("kpistream.yaml"));

        // tests/run --without a fast piece changes the default, not what is shipped.
        var shipped = Settings.Default with
        {
            Limits = Settings.Default.Limits with { FastPath = true },
            Kafka = Settings.Default.Kafka with { Drain = KafkaDrain.Batched },
        };
        Assert.Empty(problems);
        Assert.Equivalent(shipped, settings, strict: true);
    }

    [Fact]
    public void ShippedSample_WithItsCommentedLinesOn_IsSound()
    {
        var text = Shipped.Text("kpistream.yaml")
            .Replace("# rulebook:", "rulebook:")
            .Replace("# log:\n#   folder:", "log:\n  folder:")
            .Replace("#   max_batch_bytes:", "  max_batch_bytes:")
            .Replace("#   max_batch_records:", "  max_batch_records:")
            .Replace("#   api_key_file:", "  api_key_file:")
            .Replace("  # tls:\n  #   certificate: kpi.pem ", "  tls:\n    certificate: kpi.pem ")
            .Replace("  #   key: kpi.key", "    key: kpi.key")
            .Replace("  #   password_file:", "    password_file:")
            .Replace("  # proxy:\n  #   addresses:", "  proxy:\n    addresses:")
            .Replace("# access:\n#   folder:", "access:\n  folder:")
            .Replace("#   requests_per_second:", "  requests_per_second:")
            .Replace("#   open_metrics:", "  open_metrics:")
            .Replace("#   oidc:\n#     authority:", "  oidc:\n    authority:")
            .Replace("#     client_id:", "    client_id:")
            .Replace("#     client_secret_file:", "    client_secret_file:")
            .Replace("#     scopes:", "    scopes:")
            .Replace("#     roles_claim:", "    roles_claim:")
            .Replace("#     roles:", "    roles:")
            .Replace("#   proxy_identity:\n#     user_header:", "  proxy_identity:\n    user_header:")
            .Replace("#     roles_header:", "    roles_header:")
            .Replace("profiles: []", "profiles:")
            .Replace("#   - {", "  - {")
            .Replace("  # file: dead", "  file: dead")
            .Replace("  # topic: ", "  topic: ")
            .Replace("# metrics:\n#   otlp:\n#     endpoint:", "metrics:\n  otlp:\n    endpoint:")
            .Replace("#     interval:", "    interval:")
            .Replace("# state_dir:", "state_dir:")
            .Replace("# pseudonym_key_file:", "pseudonym_key_file:")
            .Replace("  # webhook:\n  #   url: ", "  webhook:\n    url: ")
            .Replace("  #   header: ", "    header: ")
            .Replace("  # private_hosts:", "  private_hosts:")
            .Replace("  # channels:\n", "  channels:\n")
            .Replace("  #   - {", "    - {")
            .Replace("  #      ", "       ");

        var (settings, problems) = Parse(text);

        Assert.Empty(problems);
        Assert.Equal(new LogSettings("kpistream-log") { ApiKeyFile = "api.key" }, settings!.Log);
        Assert.Equal([new ProfileChoice("ho-so-quoc-gia", null, "national"), new ProfileChoice(null, "igate-thaibinh", "thaibinh.yaml")], settings.Profiles);
        Assert.Equal(new OtlpSettings(new Uri("http://localhost:4318")), settings.Otlp);
        Assert.Equal(new TlsSettings("kpi.pem", "kpi.key", null, "kpi.password"), settings.Http.Tls);
        Assert.Equal(["127.0.0.1/32"], settings.Http.Proxy!.Addresses.Select(network => network.ToString()));
        Assert.Equal(("keys", 100, false), (settings.Access!.Folder, settings.Access.RequestsPerSecond, settings.Access.OpenMetrics));
        Assert.Equal(["lanh-dao", "van-hanh"], settings.Access.Oidc!.Roles.Keys);
        Assert.Equal(
            ("X-Forwarded-User", "X-Forwarded-Groups"), (settings.Access.ProxyIdentity!.UserHeader, settings.Access.ProxyIdentity.RolesHeader));
        Assert.Equal("http://localhost:4318/v1/metrics", settings.Otlp!.MetricsUrl.AbsoluteUri);
        Assert.Equal(("rulebook.yaml", "pseudonym.key", "Authorization"), (settings!.Rulebook, settings.PseudonymKeyFile,
            settings.Alerts.Channels[0].Header!.Inline!.Split(':')[0]));
        Assert.Equal(["webhook", "truc-ban", "alertmanager", "tong-dai", "ung-dung"], settings.Alerts.Channels.Select(static channel => channel.Name));
    }

    [Fact]
    public void OfficeHoursThatAreNone_AreRefused()
    {
        var (settings, problems) = Parse("office_hours: 7-17");
        Assert.Null(settings);
        Assert.Contains("office_hours: must be like '07:00-17:30', of working days, or '00:00-24:00 every day'", Assert.Single(problems).ToString());
    }

    [Fact]
    public void EveryKey_IsRead()
    {
        const string yaml = """
            units: sonla
            rulebook: rules.yaml
            sources: [igate, vnpt]
            limits: {max_record_bytes: 1024, future_tolerance_minutes: 5, late_after_hours: 48}
            shards: 4
            kafka:
              bootstrap: k1:9092,k2:9092
              topic: hoso
              properties: {security.protocol: SASL_SSL, sasl.password: "", retries: 3}
            http: {port: 9000, bind: "::1"}
            windows: [2h, 14d]
            state_dir: kept
            pseudonym_key_file: secret.key
            stale_after_seconds: 30
            office_hours: 00:00-24:00 every day
            metrics: {otlp: {endpoint: "https://otel.example.vn/a/v1/metrics", interval: 10s}}
            dead_letters: {file: letters.ndjson, max_bytes: 1048576, topic: hoso-loi}
            alerts:
              low_volume: {fewer_than: 10, since: 2025-08-01, hold_minutes: 5}
              below_target:
                - {figure: digitised, period: month, min_count: 50, hold_minutes: 0}
                - {figure: synced}
              webhook: {url: "https://hook.example.vn/a?key=s3cret", header: "X-Key: abc: d"}
            """;

        var (settings, problems) = Parse(yaml);

        Assert.Empty(problems);
        Assert.Equal(("sonla", "rules.yaml", 4, "kept", "secret.key", 30),
            (settings!.Units, settings.Rulebook, settings.Shards, settings.StateFolder, settings.PseudonymKeyFile, settings.StaleAfterSeconds));
        Assert.Equal(new DeadLetterSettings { File = "letters.ndjson", MaxBytes = 1 << 20, Topic = "hoso-loi" }, settings.DeadLetters);
        Assert.Equal((1024, 300_000L, 48 * 3_600_000L), (settings.Limits.MaxRecordBytes, settings.Limits.FutureTolerance, settings.LateAfterMillis));
        Assert.Equal(["igate", "vnpt"], settings.Limits.KnownSources);
        Assert.Equal(("k1:9092,k2:9092", "hoso", OfficeHours.Always), (settings.Kafka.Bootstrap, settings.Kafka.Topic, settings.OfficeHours));
        Assert.Equal(["retries=3", "sasl.password=", "security.protocol=SASL_SSL"],
            settings.Kafka.Properties.Select(pair => $"{pair.Key}={pair.Value}").Order());
        Assert.Equal(new HttpSettings { Port = 9000, Listen = "::1" }, settings.Http);
        Assert.Equal(["2h", "14d"], settings.Windows.Select(window => window.Name));
        Assert.Equal(
            new LowVolumeRule { Figure = "arisen", FewerThan = 10, Since = new DateOnly(2025, 8, 1), JudgedOn = null, HoldMillis = 300_000 },
            settings.Alerts.LowVolume.Rule);
        Assert.Equal(["low_volume:arisen:since:2025-08-01", "below_target:digitised:month", "below_target:synced:30d"],
            RulesOf(settings).Where(rule => rule.Kind is AlertKind.Ratio or AlertKind.LowVolume).Select(rule => rule.Id));
        Assert.Equal((50, 0L), (settings.Alerts.BelowTarget![0].MinCount, settings.Alerts.BelowTarget[0].HoldMillis));
        Assert.Equal(new OtlpSettings(new Uri("https://otel.example.vn/a/v1/metrics")) { Interval = TimeSpan.FromSeconds(10) }, settings.Otlp);
        Assert.Equal("https://otel.example.vn/a/v1/metrics", settings.Otlp!.MetricsUrl.AbsoluteUri);
        var hook = Assert.Single(settings.Alerts.Channels);
        Assert.Equal(("webhook", "https://hook.example.vn/a?key=s3cret", "X-Key: abc: d"), (hook.Name, hook.Url!.AbsoluteUri, hook.Header!.Inline));
        Assert.Equal("https://hook.example.vn", hook.ToString());
    }

    [Theory]
    [InlineData("low_volume: none", "low_volume", "is an older place for what 'alerts.yaml' says; write it there, as 'kind: low_volume'")]
    [InlineData("below_target: []", "below_target", "is an older place for what 'alerts.yaml' says; write it there, as 'kind: ratio'")]
    public void OlderRules_BesideARulesFile_AreRefusedAndSayWhereTheyGo(string older, string key, string message)
    {
        var (settings, problems) = Parse($"alerts:\n  rules: alerts.yaml\n  {older}\n");

        Assert.Null(settings);
        var problem = Assert.Single(problems);
        Assert.Equal((3, $"alerts.{key}"), (problem.Line, problem.Key));
        Assert.StartsWith(message, problem.Message);
    }

    [Fact]
    public void WithoutOlderRules_TheShippedOnesHold()
    {
        var (settings, _) = Parse("shards: 2\n");

        Assert.Same(ShippedRules, settings!.Alerts.Over(ShippedRules));
    }

    [Fact]
    public void Alerts_CanBeSwitchedOff()
    {
        var (settings, problems) = Parse("alerts:\n  low_volume: none\n  below_target: []\n");

        Assert.Empty(problems);
        Assert.DoesNotContain(RulesOf(settings!), rule => rule.Kind is AlertKind.Ratio or AlertKind.LowVolume);
    }

    [Theory]
    [InlineData("unit: sonla", 1, "unit", "did you mean 'units'?")]
    [InlineData("units: sonla\nshards: 0", 2, "shards", "must be a whole number from 1 to 64, not '0'")]
    [InlineData("shards: 1.5", 1, "shards", "must be a whole number from 1 to 64")]
    [InlineData("sources: igate", 1, "sources", "must be a list")]
    [InlineData("sources: [a23456789012345678901234567890123]", 1, "sources", "names of 1 to 32 bytes")]
    [InlineData("limits:\n  max_record_bytes: 64k", 2, "limits.max_record_bytes", "must be a whole number from 256 to 16777216, not '64k'")]
    [InlineData("limits:\n  future_tolerence: 10m", 2, "limits.future_tolerence", "unknown key; did you mean 'future_tolerance'? allowed: "
        + "max_record_bytes, future_tolerance, late_after")]
    [InlineData("limits: 5", 1, "limits", "must be a list of 'key: value' lines")]
    [InlineData("kafka:\n  bootstrap: 127.0.0.1:99999", 2, "kafka.bootstrap", "no port from 1 to 65535")]
    [InlineData("kafka:\n  drain: fast", 2, "kafka.drain", "batched, stock")]
    [InlineData("kafka:\n  bootstrap: a:1\n  topics: b", 3, "kafka.topics", "did you mean 'topic'?")]
    [InlineData("kafka:\n  properties:\n    a: [b]", 3, "kafka.properties.a", "must be a text")]
    [InlineData("kafka:\n  properties:\n    bootstrap.servers: b", 2, "kafka.properties", "the brokers are set by 'kafka.bootstrap'")]
    [InlineData("http:\n  port: 99999", 2, "http.port", "must be a whole number from 0 to 65535")]
    [InlineData("http:\n  allowed_hosts: [http://kpi.example.vn]", 2, "http.allowed_hosts", "without scheme, port and wildcards")]
    [InlineData("http:\n  allowed_hosts: ['*.example.vn']", 2, "http.allowed_hosts", "without scheme, port and wildcards")]
    [InlineData("http:\n  allowed_hosts: ['kpi.example.vn:443']", 2, "http.allowed_hosts", "without scheme, port and wildcards")]
    [InlineData("log:\n  folder: x\n  max_batch_records: 0", 3, "log.max_batch_records", "must be a whole number from 1 to 1000000, not '0'")]
    [InlineData("log:\n  max_batch_bytes: 2000000", 2, "log.folder", "is missing")]
    [InlineData("log:\n  folder: x\n  max_batch_bytes: 5", 3, "log.max_batch_bytes", "must be a whole number from 1048576 to 268435456, not '5'")]
    [InlineData("profiles:\n  - {profile: national}", 2, "profiles[0].topic", "give either topic, a Kafka topic whose records are all of this form, or source")]
    [InlineData("profiles:\n  - {topic: a, source: b, profile: national}", 2, "profiles[0].topic", "give either topic")]
    [InlineData("profiles:\n  - {topic: a}", 2, "profiles[0].profile", "is missing")]
    [InlineData("windows: [1h, month]", 1, "windows", "not 'month'")]
    [InlineData("windows: [1h, 1h]", 1, "windows", "must be different sliding periods")]
    [InlineData("windows: []", 1, "windows", "must list at least one item")]
    [InlineData("stale_after: 10", 1, "stale_after", "must be a duration from 1s to 1d, like 500ms, 30s, 10m, 2h or 1d, not '10'")]
    [InlineData("stale_after: 1500ms", 1, "stale_after", "must be whole seconds, like 2s, not '1500ms'")]
    [InlineData("stale_after: 2d", 1, "stale_after", "must be a duration from 1s to 1d")]
    [InlineData("stale_after: 1m\nstale_after_seconds: 60", 2, "stale_after_seconds", "is an older name of 'stale_after', which is set too")]
    [InlineData("stale_after_seconds: -1", 1, "stale_after_seconds", "must be a whole number from 1 to 86400")]
    [InlineData("dead_letters:\n  max_bytes: 100", 2, "dead_letters.max_bytes", "must be a whole number from 1048576 to 2147483647, not '100'")]
    [InlineData("dead_letters:\n  path: x", 2, "dead_letters.path", "unknown key; allowed: file, max_bytes, topic")]
    [InlineData("dead_letters:\n  topic: hồ sơ", 2, "dead_letters.topic", "must be a Kafka topic: 1 to 249 of a-z, A-Z, 0-9, '.', '_' and '-'")]
    [InlineData("dead_letters:\n  topic: cases", 2, "dead_letters.topic", "'cases' must be another topic than the one that is read")]
    [InlineData("kafka: {topic: a}\ndead_letters:\n  topic: a", 3, "dead_letters.topic", "'a' must be another topic than the one that is read")]
    [InlineData("dead_letters: none", 1, "dead_letters", "must be a list of 'key: value' lines")]
    [InlineData("alerts:\n  rule: alerts.yaml", 2, "alerts.rule", "did you mean 'rules'?")]
    [InlineData("alerts:\n  low_volume: off", 2, "alerts.low_volume", "must be 'none' or a list of 'key: value' lines")]
    [InlineData("alerts:\n  low_volume:\n    since: 2025-13-01", 3, "alerts.low_volume.since", "must be a date like 2025-07-01")]
    [InlineData("alerts:\n  low_volume:\n    since: 2025-08-01\n    judged_on: 2025-07-15", 4, "alerts.low_volume.judged_on", "must not be before "
        + "'since' (2025-08-01)")]
    [InlineData("alerts:\n  low_volume: {figure: fully_online}", 2, "alerts.low_volume.figure", "'fully_online' is no volume of the rulebook; allowed: "
        + "arisen, received, handled, linked_cases")]
    [InlineData("alerts:\n  below_target:\n    - {figure: fully_onlin}", 3, "alerts.below_target[0].figure", "did you mean 'fully_online'?")]
    [InlineData("alerts:\n  below_target:\n    - {period: 30d}", 3, "alerts.below_target[0].figure", "is missing")]
    [InlineData("alerts:\n  below_target:\n    - figure: synced\n      period: now", 4, "alerts.below_target[0].period", "not 'now'")]
    [InlineData("alerts:\n  below_target:\n    - figure: synced\n    - figure: synced", 4, "alerts.below_target[1].figure", "is watched already")]
    [InlineData("alerts:\n  below_target:\n    - figure: synced\n      hold_minutes: 99999", 4, "alerts.below_target[0].hold_minutes", "from 0 to 10080")]
    [InlineData("metrics:\n  otlp:\n    interval: 5s", 3, "metrics.otlp.endpoint", "is missing")]
    [InlineData("metrics:\n  otlp:\n    endpoint: localhost:4318", 3, "metrics.otlp.endpoint", "http:// or https://")]
    [InlineData("metrics:\n  otlp:\n    endpoint: http://a?key=b", 3, "metrics.otlp.endpoint", "without anything after its path")]
    [InlineData("metrics:\n  otlp:\n    endpoint: http://a\n    interval: 100ms", 4, "metrics.otlp.interval", "from 1s to 1h")]
    [InlineData("metrics:\n  oltp:\n    endpoint: http://a", 2, "metrics.oltp", "did you mean 'otlp'?")]
    [InlineData("alerts:\n  webhook: {header: \"A: b\"}", 2, "alerts.webhook.url", "is missing")]
    [InlineData("alerts:\n  webhook:\n    url: ftp://a", 3, "alerts.webhook.url", "http:// or https://")]
    [InlineData("alerts:\n  webhook:\n    url: http://a\n    header: Bearer abc", 4, "alerts.webhook.header", "must be a header like")]
    [InlineData("alerts:\n  webhook:\n    url: http://a\n    header: \"A: b\\r\\nX: y\"", 4, "alerts.webhook.header", "must be a header like")]
    public void Mistake_IsNamedWithItsLineKeyAndWhatIsAllowed(string yaml, int line, string key, string message)
    {
        var (settings, problems) = Parse(yaml);

        Assert.Null(settings);
        var problem = Assert.Single(problems);
        Assert.Equal((line, key), (problem.Line, problem.Key));
        Assert.Contains(message, problem.Message);
    }

    private static (Settings? Settings, List<ConfigProblem> Problems) Parse(string yaml)
    {
        var problems = new List<ConfigProblem>();
        return (SettingsYaml.Parse("kpistream.yaml", yaml, problems, Shipped.Rulebook()), problems);
    }

    private static readonly AlertRuleSet ShippedRules = AlertRulesFile.OfProgram(Shipped.Rulebook(), Shipped.Units("hungyen"));

    private static IReadOnlyList<AlertRule> RulesOf(Settings settings) => settings.Alerts.Over(ShippedRules).Rules;
}
