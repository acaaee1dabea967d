namespace KpiStream.Engine.Tests.Pipeline;

/// <summary>A shard that is stuck stops its source, and memory stays bounded.</summary>
public class BackpressureTests
{
    [Fact]
    public async Task AStuckShard_StopsTheSourceAndBoundsTheEventsInFlight()
    {
        const int queued = 4;
        await using var engine = new StreamEngine(
            new EngineOptions { Rulebook = Shipped.Rulebook(), Directory = Shipped.Units("hungyen"), QueuedBatches = queued });
        using var gate = new ManualResetEventSlim();
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var stuck = engine.AskAsync(_ =>
        {
            entered.SetResult();
            gate.Wait();
            return true;
        });
        await entered.Task;

        var records = GoldenFiles.Lines("ordinary");
        var intake = engine.OpenIntake("test");
        var source = Task.Factory.StartNew(() => PutAll(intake, records), TaskCreationOptions.LongRunning);

        // Everything there is room for goes in; the next full batch waits at the door. The count can then only stay.
        const int room = (queued + 1) * EventBatch.Capacity;
        Assert.True(SpinWait.SpinUntil(() => intake.Counts.Accepted >= room, TimeSpan.FromSeconds(30)));
        Assert.False(await Task.WhenAny(source, Task.Delay(300)) == source, "the source ran on although nothing took its events");
        Assert.Equal(room, intake.Counts.Accepted);

        gate.Set();
        await stuck;
        await source;
        await engine.StopAsync();
        Assert.Equal(records.Count, engine.States.Sum(state => state.Applied + state.Duplicates));
    }

    /// <summary>However full the queue is: a back-test asks behind all events there is room for.</summary>
    [Fact]
    public async Task SteppedShards_HaveAnsweredOnceThereIsNothingToDo()
    {
        var steps = new List<Func<bool>>();
        var engine = new StreamEngine(
            new EngineOptions { Rulebook = Shipped.Rulebook(), Directory = Shipped.Units("hungyen"), Shards = 1, QueuedBatches = 2, Stepped = steps.Add });
        for (var round = 0; round < 200; round++)
        {
            var asked = Enumerable.Range(0, 8).Select(number => engine.AskAsync(_ => number)).ToList();
            while (steps[0]())
            {
                // Until nothing is left.
            }

            Assert.All(asked, static one => Assert.True(one.IsCompletedSuccessfully));
            Assert.Equal(Enumerable.Range(0, asked.Count), (await Task.WhenAll(asked)).Select(static answers => answers[0]));
        }

        var stopped = engine.StopAsync();
        steps[0]();
        await stopped;
    }

    [Fact]
    public async Task AQuestionThatFails_ComesBackToItsAskerAndHarmsNothing()
    {
        await using var engine = new StreamEngine(new EngineOptions { Rulebook = Shipped.Rulebook(), Directory = Shipped.Units("hungyen"), Shards = 2 });
        await Assert.ThrowsAsync<InvalidOperationException>(() => engine.AskAsync<int>(_ => throw new InvalidOperationException("mistake of the asker")));
        var cases = await engine.AskAsync(state => state.Cases.Count);
        Assert.Equal([0, 0], cases);
    }

    private static void PutAll(Intake intake, IReadOnlyList<byte[]> records)
    {
        for (var i = 0; i < records.Count; i++)
        {
            intake.Accept(records[i], new SourcePosition(0, i + 1), DecodeLimits.UnknownArrival);
        }

        intake.Flush();
    }
}
