using System.Collections.Concurrent;
using KpiStream.Ingest.Host.Serving.Alerts.Delivery;
using KpiStream.Ingest.Tests.Host.Serving.Alerts.Delivery;

namespace KpiStream.Ingest.Tests.EndToEnd;

/// <summary>
/// The real program is killed while it delivers, again and again: before the receiver has answered, between the answer and its note on disk, and after. Nothing
/// is lost, everything keeps its key and number, and no message comes more than twice.
/// </summary>
public sealed class KilledDeliveryTests(ITestOutputHelper output)
{
    [Fact]
    public Task KilledThreeTimes_NothingIsLostAndNothingComesThrice() => RunAsync(kills: 3);

    [Fact]
    [Trait("Category", "Long")]
    public Task KilledTwoHundredTimes_NothingIsLostAndNothingComesThrice() => RunAsync(kills: 200);

    private async Task RunAsync(int kills)
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var (got, fresh) = (new ConcurrentDictionary<string, int>(), new SemaphoreSlim(0));
        await using var receiver = await HttpReceiver.StartAsync(async (context, message, _) =>
        {
            if (got.AddOrUpdate(message.Told, 1, static (_, count) => count + 1) == 1)
            {
                fresh.Release();
            }

            await Task.Delay(Pause(), context.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
            context.Response.StatusCode = 204;
        });
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("kpistream.yaml"), $$"""
            log: {folder: log}
            alerts:
              low_volume: none
              below_target: []
              private_hosts: [127.0.0.1]
              channels: [{name: hook, type: webhook, url: "{{receiver.Url}}"}]
            """);
        var messages = Enumerable.Range(0, (2 * kills) + 2).Select(static i => Samples.Message($"cause-{i}", i + 1)).ToList();
        await FillAsync(folder.File("state"), messages);
        var killed = 0;
        for (; killed < kills && got.Count < messages.Count - 2; killed++)
        {
            await using var serve = await ServeProcess.StartAsync(folder, "--state", "state");
            Assert.True(await fresh.WaitAsync(KpiStreamProcess.Limit), $"nothing arrives: {serve}");
            await Task.Delay(Pause());
            await serve.KillAsync();
            while (fresh.Wait(0))
            {
                // What came besides in this life.
            }
        }

        await using (var last = await ServeProcess.StartAsync(folder, "--state", "state"))
        {
            while (got.Count < messages.Count)
            {
                Assert.True(await fresh.WaitAsync(KpiStreamProcess.Limit), $"{messages.Count - got.Count} are lost: {last}");
            }
        }

        output.WriteLine($"{killed} kills, {messages.Count} messages, {got.Values.Count(static count => count == 2)} came twice");
        Assert.Equal(messages.Select(static message => $"{message.Key} {message.Number} firing").Order(), got.Keys.Order());
        Assert.All(got, static one => Assert.InRange(one.Value, 1, 2));
        Assert.InRange(got.Values.Count(static count => count == 2), 0, killed);

        TimeSpan Pause()
        {
            lock (random)
            {
                return TimeSpan.FromMilliseconds(random.Next(30));
            }
        }
    }

    /// <summary>As the program itself fills it, while the program does not run.</summary>
    private static async Task FillAsync(string state, IReadOnlyList<DeliveryMessage> messages)
    {
        using var files = StateFiles.Open(state);
        await using var outbox = AlertOutbox.Open(files, null, [new OutboxLane("hook", TimeProvider.System)], TimeProvider.System, static _ => { });
        Assert.True(await outbox.OfferAsync([.. messages.Select(static message => (message, (IReadOnlyList<string>)["hook"]))]));
    }
}
