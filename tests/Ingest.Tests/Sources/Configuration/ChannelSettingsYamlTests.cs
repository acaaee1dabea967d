using KpiStream.Engine.Alerts;
using KpiStream.Ingest.Tests.Host.Serving.Alerts.Delivery;

namespace KpiStream.Ingest.Tests.Sources.Configuration;

public sealed class ChannelSettingsYamlTests
{
    [Fact]
    public void EveryKey_IsRead()
    {
        var alerts = Read("""
            http: {public_address: "https://kpi.example.vn/bang"}
            alerts:
              private_hosts: [am.noi-bo, 10.0.0.5]
              webhook: {url: "http://192.168.1.2/hook", header: "Authorization: Bearer abc"}
              channels:
                - {name: mail, type: email, host: smtp.example.vn, security: tls, from: kpi@example.vn, to: [a@example.vn, b@example.vn], user: kpi,
                   password_file: mail.password, ca_file: ca.pem, grade: alarm, units: ["33", "11953"], language: en}
                - {name: am, type: alertmanager, url: "http://10.0.0.5:9093/am", kinds: [source, official_breach], resend_every: 30s, header_env: AM_HEADER}
                - {name: pager, type: pagerduty, routing_key_env: PAGER}
                - {name: hook, type: webhook, url: "https://hook.example.vn/a", secret_file: hook.secret, header: "X-Key: abc"}
            """);
        Assert.Equal(["webhook", "mail", "am", "pager", "hook"], alerts.Channels.Select(static channel => channel.Name));
        Assert.Equal(["am.noi-bo", "10.0.0.5", "192.168.1.2"], alerts.PrivateHosts);
        var (mail, am, pager, hook) = (alerts.Channels[1], alerts.Channels[2], alerts.Channels[3], alerts.Channels[4]);
        Assert.Equal(("smtp.example.vn", 465, true, "kpi@example.vn", "kpi"), (mail.Email!.Host, mail.Email.Port, mail.Email.IsImplicitTls, mail.Email.From,
            mail.Email.User));
        Assert.Equal((AlertGrade.Alarm, MessageLanguage.En, "mail.password", "ca.pem"), (mail.Grade, mail.Language, mail.Secret!.File, mail.AuthorityFile));
        Assert.Equal([AlertKind.Source, AlertKind.OfficialBreach], am.Kinds);
        Assert.Equal((TimeSpan.FromSeconds(30), "AM_HEADER", "http://10.0.0.5:9093"), (am.ResendEvery, am.Header!.Variable, am.ToString()));
        Assert.Equal(("https://events.pagerduty.com/v2/enqueue", "PAGER"), (pager.Url!.AbsoluteUri, pager.Secret!.Variable));
        Assert.Equal(("hook.secret", "X-Key: abc", AlertGrade.Report), (hook.Secret!.File, hook.Header!.Inline, hook.Grade));
    }

    [Theory]
    [InlineData("- {type: webhook, url: \"https://a.vn\"}", "alerts.channels[0].name", "is missing")]
    [InlineData("- {name: A B, type: webhook, url: \"https://a.vn\"}", "alerts.channels[0].name", "must be at most 32 of a-z, 0-9")]
    [InlineData("- {name: a, type: sms}", "alerts.channels[0].type", "unknown word 'sms'")]
    [InlineData("- {name: a, type: webhook}", "alerts.channels[0].url", "is missing")]
    [InlineData("- {name: a, type: webhook, url: \"https://a.vn\", host: b}", "alerts.channels[0].host", "unknown key")]
    [InlineData("- {name: a, type: webhook, url: \"http://10.0.0.7/x\"}", "alerts.channels[0].url", "'10.0.0.7' is not a public address; name it under "
        + "alerts.private_hosts")]
    [InlineData("- {name: a, type: alertmanager, url: \"http://localhost:9093\"}", "alerts.channels[0].url", "'localhost' is not a public address")]
    [InlineData("- {name: a, type: webhook, url: \"http://[::1]/x\"}", "alerts.channels[0].url", "is not a public address")]
    [InlineData("- {name: a, type: webhook, url: \"https://a.vn\", grade: red}", "alerts.channels[0].grade", "unknown word 'red'")]
    [InlineData("- {name: a, type: webhook, url: \"https://a.vn\", kinds: [ratios]}", "alerts.channels[0].kinds", "unknown kind 'ratios'")]
    [InlineData("- {name: a, type: webhook, url: \"https://a.vn\", secret_file: s, secret_env: S}", "alerts.channels[0].secret_env", "remove one of them")]
    [InlineData("- {name: a, type: webhook, url: \"https://a.vn\", header: nonsense}", "alerts.channels[0].header", "must be a header like")]
    [InlineData("- {name: a, type: pagerduty}", "alerts.channels[0].routing_key_file", "is missing")]
    [InlineData("- {name: a, type: email, host: h.vn, from: kpi, to: [a@b.vn]}", "alerts.channels[0].from", "must be an address like")]
    [InlineData("- {name: a, type: email, host: h.vn, from: k@b.vn, to: [\"a@b.vn\\r\\nBcc: c@d.vn\"]}", "alerts.channels[0].to", "must be addresses like")]
    [InlineData("- {name: a, type: email, host: h.vn, from: k@b.vn, to: []}", "alerts.channels[0].to", "must list at least one")]
    [InlineData("- {name: a, type: email, host: h.vn, from: k@b.vn, to: [a@b.vn], security: none}", "alerts.channels[0].security", "never sent in the clear")]
    [InlineData("- {name: a, type: alertmanager, url: \"https://a.vn\", resend_every: 10m}", "alerts.channels[0].resend_every",
        "must be a duration from 1s to 4m")]
    public void AMistake_IsNamedWithItsKey(string channel, string key, string message)
    {
        var problems = Problems($"alerts:\n  channels:\n    {channel}\n");
        Assert.Contains(problems, problem => problem.Key == key && problem.Message.Contains(message) && problem.Line is 2 or 3);
    }

    [Fact]
    public void TwoChannelsOfOneName_AreRefused()
    {
        const string one = "- {name: a, type: webhook, url: \"https://a.vn\"}";
        Assert.Contains(Problems($"alerts:\n  channels:\n    {one}\n    {one}\n"), static problem => problem is { Line: 4, Key: "alerts.channels[1].name" });
        Assert.Contains(Problems("alerts: {private_hosts: [\"http://a\"]}"), static problem => problem.Key == "alerts.private_hosts");
    }

    /// <summary>What is secret is read from where the settings say, and nothing said of a mistake shows it.</summary>
    [Fact]
    public void Secrets_AreReadFromFilesAndTheEnvironment_AndNeverShown()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("hook.secret");
        File.WriteAllText(path, "s3cret-s3cret-s3cret\n\nsecond-secret-second\n");
        OwnFile.Allow(path);
        var channel = new ChannelSettings
        {
            Name = "hook",
            Type = ChannelType.Webhook,
            Url = new Uri("https://a.vn/x?token=s3cret"),
            Secret = new SecretSource { File = path },
        };
        var problems = new List<ConfigProblem>();
        Assert.Equal(["s3cret-s3cret-s3cret", "second-secret-second"], ChannelSecrets.Load(channel, problems)!.Secret);
        Assert.Equal("https://a.vn", channel.ToString());

        OwnFile.Allow(path, others: true);
        Assert.Null(ChannelSecrets.Load(channel, problems));
        Assert.Null(ChannelSecrets.Load(channel with { Secret = new SecretSource { Variable = "KPISTREAM_TEST_NOT_SET" } }, problems));
        OwnFile.Allow(path);
        File.WriteAllText(path, "s3cret\n");
        Assert.Null(ChannelSecrets.Load(channel, problems));
        Assert.Equal(3, problems.Count);
        Assert.Contains("may be read or written by others", problems[0].Message);
        Assert.Contains("KPISTREAM_TEST_NOT_SET is not set", problems[1].Message);
        Assert.Contains("shorter than 16 characters", problems[2].Message);
        Assert.DoesNotContain(problems, static problem => problem.ToString().Contains("s3cret"));
    }

    private static AlertSettings Read(string text)
    {
        var problems = new List<ConfigProblem>();
        var settings = SettingsYaml.Parse("kpistream.yaml", text, problems);
        Assert.Empty(problems);
        return settings!.Alerts;
    }

    private static List<ConfigProblem> Problems(string text)
    {
        var problems = new List<ConfigProblem>();
        Assert.Null(SettingsYaml.Parse("kpistream.yaml", text, problems));
        return problems;
    }
}
