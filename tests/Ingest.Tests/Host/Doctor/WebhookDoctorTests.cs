using KpiStream.Ingest.Host.Doctor;
using KpiStream.Ingest.Tests.Host.Serving.Alerts;

namespace KpiStream.Ingest.Tests.Host.Doctor;

/// <summary><c>kpistream doctor</c> looks at the webhook, and sends an alert only when it was asked to.</summary>
public sealed class WebhookDoctorTests
{
    [Fact]
    public async Task AReceiverThatAnswers_IsAskedWithoutAnAlert_AndTriedWithOneWhenAsked()
    {
        var status = 200;
        await using var receiver = await WebhookReceiver.StartAsync(_ => status);
        var webhook = new WebhookSettings(receiver.Url, "Authorization", "Bearer secret");
        var asked = await LookAsync(webhook, sendsTest: false);
        Assert.Equal((Health.Ok, true), (asked.Health, asked.Message.Contains("whether it takes alerts is tried by --send-test-alert")));

        // The first thing it gets is the test alert: the question before it posted nothing.
        var tried = await LookAsync(webhook, sendsTest: true);
        Assert.Equal((Health.Ok, true), (tried.Health, tried.Message.Contains("took a test alert (HTTP 200)")));
        var got = await receiver.NextAsync();
        Assert.Equal("Bearer secret", got.Authorization);
        Assert.Contains("\"rule\":\"test\"", got.Body);
        status = 403;
        var refused = await LookAsync(webhook, sendsTest: true);
        Assert.Equal((Health.Problem, true), (refused.Health, refused.Message.Contains("HTTP 403 to a test alert")));
        Assert.DoesNotContain("secret", asked.Message + tried.Message + refused.Message);
        Assert.Equal(Health.Warning, (await LookAsync(webhook with { Url = new Uri(receiver.Url, "/elsewhere") }, sendsTest: false)).Health);
    }

    [Theory]
    [InlineData("http://no-such-name.invalid/hook", "its name cannot be resolved")]
    [InlineData("http://127.0.0.1:1/hook", "it cannot be reached")]
    public async Task AReceiverThatIsNotThere_IsAProblem(string url, string said)
    {
        var found = await LookAsync(new WebhookSettings(new Uri(url), null, null), sendsTest: false);
        Assert.Equal(Health.Problem, found.Health);
        Assert.Contains(said, found.Message);
    }

    private static Task<Finding> LookAsync(WebhookSettings webhook, bool sendsTest) =>
        WebhookCheck.LookAsync(webhook, sendsTest, TimeProvider.System, TestContext.Current.CancellationToken);
}
