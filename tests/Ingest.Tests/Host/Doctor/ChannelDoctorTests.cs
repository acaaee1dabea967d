using KpiStream.Ingest.Host.Doctor;
using KpiStream.Ingest.Tests.Host.Serving.Alerts.Delivery;

namespace KpiStream.Ingest.Tests.Host.Doctor;

/// <summary><c>kpistream doctor</c> looks at the channels, and sends a message only when it was asked to.</summary>
public sealed class ChannelDoctorTests
{
    [Fact]
    public async Task AReceiverThatAnswers_IsAskedWithoutAMessage_AndTriedWithOneWhenAsked()
    {
        var status = 200;
        await using var receiver = await HttpReceiver.StartAsync(_ => status);
        var webhook = Samples.Webhook(receiver.Url) with { Header = new SecretSource { Inline = "Authorization: Bearer secret" } };
        var asked = await LookAsync(webhook, sendsTest: false);
        Assert.Equal((Health.Ok, true), (asked.Health, asked.Message.Contains("whether it takes messages is tried by --send-test-alert")));
        Assert.Equal("HEAD", (await receiver.NextAsync()).Method);

        var tried = await LookAsync(webhook, sendsTest: true);
        Assert.Equal((Health.Ok, true), (tried.Health, tried.Message.EndsWith("took a test message")));
        var got = await receiver.NextAsync();
        Assert.Equal(("Bearer secret", "test", "inactive"), (got.Header("Authorization"), (string)got.Json["rule"]!, (string)got.Json["state"]!));
        status = 403;
        var refused = await LookAsync(webhook, sendsTest: true);
        Assert.Equal((Health.Problem, true), (refused.Health, refused.Message.Contains("HTTP 403 to a test message")));
        Assert.DoesNotContain("secret", asked.Message + tried.Message + refused.Message);
        status = 404;
        Assert.Equal(Health.Warning, (await LookAsync(webhook, sendsTest: false)).Health);
    }

    [Theory]
    [InlineData("http://no-such-name.invalid/hook", "its name cannot be resolved")]
    [InlineData("http://127.0.0.1:1/hook", "it cannot be reached")]
    [InlineData("http://127.0.0.2:1/hook", "which is not a public address")]
    public async Task AReceiverThatIsNotThere_IsAProblem(string url, string said)
    {
        var found = await LookAsync(Samples.Webhook(new Uri(url)), sendsTest: false);
        Assert.Equal(Health.Problem, found.Health);
        Assert.Contains(said, found.Message);
    }

    /// <summary>The command tries each channel by itself, says which took the message, and ends with an error when one did not.</summary>
    [Fact]
    public async Task TheCommandAlertsTest_TriesTheChannels()
    {
        await using var receiver = await HttpReceiver.StartAsync(static _ => 202);
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("kpistream.yaml"), $$"""
            alerts:
              private_hosts: [127.0.0.1]
              channels:
                - {name: good, type: webhook, url: "{{receiver.Url}}"}
                - {name: gone, type: webhook, url: "http://127.0.0.1:1/hook"}
            """);
        var good = await KpiStreamProcess.RunInAsync(folder.Path, "alerts", "test", "--channel", "good");
        Assert.Contains("took a test message", good.Text);
        var both = await KpiStreamProcess.RunInAsync(folder.Path, "alerts", "test");
        Assert.Contains("problem  channel gone http://127.0.0.1:1 does not take messages (it cannot be reached", both.Text);
        var unknown = await KpiStreamProcess.RunInAsync(folder.Path, "alerts", "test", "--channel", "god");
        Assert.Equal((ExitCode.Ok, ExitCode.Unavailable, ExitCode.Configuration), (good.ExitCode, both.ExitCode, unknown.ExitCode));
    }

    private static Task<Finding> LookAsync(ChannelSettings channel, bool sendsTest) => ChannelCheck.LookAsync(
        new LoadedSettings(Settings.Default with { Alerts = Samples.Local }, Shipped.Rulebook(), Shipped.Units("hungyen"), ProfileSet.Empty), channel,
            sendsTest,
        TimeProvider.System, TestContext.Current.CancellationToken);
}
