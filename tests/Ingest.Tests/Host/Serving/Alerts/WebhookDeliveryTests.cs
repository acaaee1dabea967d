using KpiStream.Engine.Alerts;
using KpiStream.Ingest.Host.Serving.Alerts;
using Microsoft.Extensions.Logging.Abstractions;

namespace KpiStream.Ingest.Tests.Host.Serving.Alerts;

public sealed class WebhookDeliveryTests
{
    private static readonly AlertText Text = new(Shipped.Rulebook(), Shipped.Units("hungyen"));
    private static readonly WebhookPolicy Patient = WebhookPolicy.Default with { Timeout = TimeSpan.FromHours(2) };

    [Fact]
    public async Task Messages_ArriveInOrderAsVietnameseJsonWithTheHeader()
    {
        await using var receiver = await WebhookReceiver.StartAsync(_ => 204);
        await using var run = new Run(receiver.Url, Patient);
        run.Delivery.Offer(Message("11953"));
        run.Delivery.Offer(Message("11977"));

        var first = await receiver.NextAsync();
        var second = await receiver.NextAsync();

        Assert.Equal(("Bearer abc", "application/json; charset=utf-8"), (first.Authorization, first.ContentType));
        Assert.Contains("dưới mức 50 hồ sơ", first.Body);
        Assert.Equal(["11953", "11977"], new[] { first, second }.Select(UnitOf));
    }

    [Fact]
    public async Task ReceiverFails_IsTriedAgainWithGrowingPauses()
    {
        await using var receiver = await WebhookReceiver.StartAsync(number => number switch { 1 => 503, 2 => 429, 3 => 500, _ => 200 });
        await using var run = new Run(receiver.Url, Patient);
        run.Delivery.Offer(Message("a"));
        run.Delivery.Offer(Message("b"));

        var units = new List<string?>();
        for (var i = 0; i < 5; i++)
        {
            units.Add(UnitOf(await receiver.NextAsync()));
        }

        await run.UntilAsync(delivery => delivery.Delivered == 2);
        await run.StopAsync();
        Assert.Equal(["a", "a", "a", "a", "b"], units);
        Assert.Equal([1, 2, 4], run.Time.Waits.Select(wait => wait.TotalSeconds));
        Assert.Equal((3, 0, 2), (run.Delivery.Retried, run.Delivery.Refused, run.Delivery.Delivered));
    }

    /// <summary>One answer of 404 used to lose the alert for good.</summary>
    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData((int)HttpStatusCode.TemporaryRedirect)]
    public async Task AMessageThatIsRefused_LetsOthersPassAndIsTriedAgainLater(int refusal)
    {
        await using var receiver = await WebhookReceiver.StartAsync(number => number == 1 ? refusal : 200);
        await using var run = new Run(receiver.Url, Patient);
        run.Delivery.Offer(Message("a"));
        run.Delivery.Offer(Message("b"));

        Assert.Equal(["a", "b", "a"], await UnitsAsync(receiver, 3));
        await run.UntilAsync(delivery => delivery.Delivered == 2);
        Assert.Equal((1, 0, 0), (run.Delivery.Refused, run.Delivery.Retried, run.Delivery.WaitingCount));
        Assert.Contains(run.Time.Waits, wait => wait > TimeSpan.FromMinutes(9));
        Assert.Equal("", run.Delivery.Error);
    }

    [Fact]
    public async Task AReceiverThatStaysBroken_LosesNothing()
    {
        await using var receiver = await WebhookReceiver.StartAsync(number => number <= 7 ? 502 : 200);
        await using var run = new Run(receiver.Url, Patient with { MaxAttempts = 3 });
        run.Delivery.Offer(Message("a"));
        run.Delivery.Offer(Message("b"));

        Assert.Equal(["a", "a", "a", "b", "b", "b"], await UnitsAsync(receiver, 6));
        await run.UntilAsync(delivery => delivery.Delivered == 2);
        Assert.Equal((0, 7, 0), (run.Delivery.Refused, run.Delivery.Retried, run.Delivery.WaitingCount));
    }

    [Fact]
    public async Task AnAbsentReceiver_IsTriedOnAndSaid()
    {
        Uri url;
        await using (var receiver = await WebhookReceiver.StartAsync(_ => 200))
        {
            url = receiver.Url;
        }

        await using var run = new Run(url, Patient with { MaxAttempts = 2 });
        run.Delivery.Offer(Message("a"));
        await run.UntilAsync(delivery => delivery.Retried >= 5);

        Assert.Equal(1, run.Delivery.WaitingCount);
        Assert.Equal("ConnectionError", run.Delivery.Error);
        Assert.True(run.Delivery.OldestAge > TimeSpan.Zero);
    }

    [Fact]
    public async Task ReceiverThatDoesNotAnswer_IsTriedAgainAfterTheTimeLimit()
    {
        var never = new TaskCompletionSource<int>();
        await using var receiver = await WebhookReceiver.StartAsync(number => number == 1 ? never.Task : Task.FromResult(200));
        await using var run = new Run(receiver.Url, WebhookPolicy.Default with { Timeout = TimeSpan.FromMilliseconds(200) }, TimeProvider.System);
        run.Delivery.Offer(Message("a"));

        await receiver.NextAsync();
        Assert.Equal("a", UnitOf(await receiver.NextAsync()));
        never.SetResult(200);
    }

    /// <summary>Every commune of the nation at once; of 3,321 messages 1,000 used to arrive.</summary>
    [Fact]
    public async Task MoreMessagesThanEver_AllArriveInTheirOrder()
    {
        const int communes = 3_321;
        await using var receiver = await WebhookReceiver.StartAsync(_ => 204);
        await using var run = new Run(receiver.Url, Patient);
        for (var commune = 0; commune < communes; commune++)
        {
            run.Delivery.Offer(Message($"{commune}"));
        }

        Assert.Equal(Enumerable.Range(0, communes).Select(commune => $"{commune}"), await UnitsAsync(receiver, communes));
    }

    [Fact]
    public async Task ANewerStateOfAnAlert_TakesTheOlderOnesPlace()
    {
        var gate = new TaskCompletionSource<int>();
        await using var receiver = await WebhookReceiver.StartAsync(number => number == 1 ? gate.Task : Task.FromResult(200));
        await using var run = new Run(receiver.Url, Patient);
        run.Delivery.Offer(Message("under way"));
        await receiver.NextAsync();
        run.Delivery.Offer(Message("a"));
        run.Delivery.Offer(Message("b"));
        run.Delivery.Offer(AlertMessage.Of(Change("a", AlertState.Resolved), Text));
        run.Delivery.Offer(AlertMessage.Of(Change("under way", AlertState.Resolved), Text));
        Assert.Equal(["under way", "a", "b", "under way"], run.Delivery.Waiting.Select(message => message.Unit));
        gate.SetResult(503);

        var states = new List<string?>();
        for (var i = 0; i < 3; i++)
        {
            var received = await receiver.NextAsync();
            states.Add($"{UnitOf(received)} {JsonDocument.Parse(received.Body).RootElement.GetProperty("state").GetString()}");
        }

        Assert.Equal(["a resolved", "b firing", "under way resolved"], states);
        Assert.Equal(1, run.Delivery.Replaced);
    }

    [Fact]
    public async Task Reporter_PostsNewsAndLeavesPendingToTheLog()
    {
        await using var receiver = await WebhookReceiver.StartAsync(_ => 200);
        await using var run = new Run(receiver.Url, Patient);
        var reporter = new AlertReporter(Text, run.Delivery, NullLogger.Instance);

        reporter.Report([Change("a", AlertState.Pending), Change("b", AlertState.Inactive), Change("c", AlertState.Firing), Change("d", AlertState.Resolved)]);

        Assert.Equal("c", UnitOf(await receiver.NextAsync()));
        Assert.Equal("d", UnitOf(await receiver.NextAsync()));
    }

    [Fact]
    public void Pauses_DoubleUpToTheLongest()
    {
        var pauses = Enumerable.Range(1, 9).Select(attempt => WebhookPolicy.Default.PauseAfter(attempt).TotalSeconds);

        Assert.Equal([1, 2, 4, 8, 16, 32, 60, 60, 60], pauses);
    }

    private static async Task<List<string?>> UnitsAsync(WebhookReceiver receiver, int count)
    {
        var units = new List<string?>();
        while (units.Count < count)
        {
            units.Add(UnitOf(await receiver.NextAsync()));
        }

        return units;
    }

    private static string? UnitOf(WebhookReceiver.Received received) => JsonDocument.Parse(received.Body).RootElement.GetProperty("unit").GetString();

    internal static AlertMessage Message(string unit) => AlertMessage.Of(Change(unit, AlertState.Firing), Text);

    private static AlertTransition Change(string unit, AlertState state)
    {
        var reading = new AlertReading(AlertSettings.DefaultLowVolume, unit, 12, null, null, HasData: true);
        return new AlertTransition(new Alert(AlertSettings.DefaultLowVolume, unit, state, 0, 0, null, reading, IsMissing: false), AlertState.Inactive, 0);
    }

    /// <summary>A delivery at work, stopped at the end of the test.</summary>
    private sealed class Run : IAsyncDisposable
    {
        private readonly CancellationTokenSource stop = new();
        private readonly Task running;

        public Run(Uri url, WebhookPolicy policy, TimeProvider? time = null)
        {
            Delivery = new WebhookDelivery(new WebhookSettings(url, "Authorization", "Bearer abc"), policy, time ?? Time, NullLogger.Instance);
            running = Delivery.RunAsync(stop.Token);
        }

        public HurriedTime Time { get; } = new();

        public WebhookDelivery Delivery { get; }

        public async Task UntilAsync(Func<WebhookDelivery, bool> condition)
        {
            using var limit = new CancellationTokenSource(KpiStreamProcess.Limit);
            while (!condition(Delivery))
            {
                limit.Token.ThrowIfCancellationRequested();
                await Task.Yield();
            }
        }

        public async Task StopAsync()
        {
            await stop.CancelAsync();
            await running;
        }

        public async ValueTask DisposeAsync()
        {
            await StopAsync();
            Delivery.Dispose();
            stop.Dispose();
        }
    }
}
