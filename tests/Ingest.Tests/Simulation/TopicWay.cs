namespace KpiStream.Ingest.Tests.Simulation;

/// <summary>Events from a topic, which holds everything for ever and grows while it is read.</summary>
/// <param name="records">About how many.</param>
internal sealed class TopicWay(SimulatedWorld world, int records) : ISimulatedWay
{
    private readonly SimulatedTopic topic = new();
    private readonly Queue<byte[]> coming = new(SimulatedRecords.Choose(world.Random, records));

    public IRecordSource Open(SimulatedProcess process)
    {
        Send(world.Random.Next(coming.Count + 1));
        return new SimulatedTopicSource(topic, world.Random, world.Clock, process.Plan.Rewinds);
    }

    public async Task FeedAsync(SimulatedProcess process)
    {
        while (coming.Count > 0 && !process.Stop.IsCancellationRequested)
        {
            Send(Math.Min(coming.Count, world.Random.Next(20)));
            await Task.Delay(TimeSpan.FromMilliseconds(world.Random.Next(10)), world.Clock);
            await Task.Yield();
        }

        topic.IsComplete = coming.Count == 0;
    }

    public Task CloseAsync() => Task.CompletedTask;

    public long Recount(CodeBook codes, Action<CaseEvent> take)
    {
        var decoder = new EventDecoder(codes, PseudonymKey.Fixed, SimulatedSettings.Limits);
        var greatestAt = long.MinValue;
        foreach (var record in topic.Records)
        {
            if (decoder.Decode(record, DecodeLimits.UnknownArrival, out var decoded).IsAccepted)
            {
                greatestAt = Math.Max(greatestAt, decoded.Stamp.At);
                take(decoded);
            }
        }

        return greatestAt;
    }

    private void Send(int count)
    {
        for (; count > 0; count--)
        {
            topic.Append(coming.Dequeue(), world.Random);
        }
    }
}
