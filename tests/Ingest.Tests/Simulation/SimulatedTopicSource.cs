namespace KpiStream.Ingest.Tests.Simulation;

/// <summary>
/// Reads a simulated topic as Kafka's source reads a real one: partitions in any order, from the places given, at times from an earlier one again.
/// </summary>
/// <param name="rewinds">Of how many rounds one begins with a rewind; 0 for none.</param>
internal sealed class SimulatedTopicSource(SimulatedTopic topic, Random random, TimeProvider time, int rewinds) : IRecordSource
{
    private const int LongestRound = 30;

    private readonly List<int> next = [];

    public string Name => "topic";

    public string StateName => "recordings";

    public async Task<SourceEnd> RunAsync(IRecordSink sink, SourceStart start, CancellationToken stop)
    {
        next.AddRange(start.Places.Parts.Select(place => (int)place.Next));
        try
        {
            while (true)
            {
                stop.ThrowIfCancellationRequested();
                if (!TryHandOver(sink))
                {
                    sink.Flush();
                    sink.Pass(Here);
                    if (topic.IsComplete)
                    {
                        return SourceEnd.Finished;
                    }

                    await Task.Delay(TimeSpan.FromMilliseconds(20), time, stop);
                }

                await Task.Yield();
            }
        }
        catch (OperationCanceledException)
        {
            return SourceEnd.Stopped;
        }
    }

    private SourcePlaces Here() => new([.. next.Select((offset, partition) => new SourcePlace(partition, offset))]);

    private bool TryHandOver(IRecordSink sink)
    {
        next.AddRange(Enumerable.Repeat(0, topic.Count - next.Count));
        var ready = Enumerable.Range(0, topic.Count).Where(partition => next[partition] < topic[partition].Count).ToList();
        if (ready.Count == 0)
        {
            return false;
        }

        var chosen = ready[random.Next(ready.Count)];
        next[chosen] = rewinds > 0 && random.Next(rewinds) == 0 ? random.Next(next[chosen] + 1) : next[chosen];
        for (var left = random.Next(1, LongestRound); left > 0 && next[chosen] < topic[chosen].Count; left--)
        {
            sink.Accept(topic[chosen][next[chosen]], new SourcePosition(chosen, next[chosen]), DecodeLimits.UnknownArrival);
            next[chosen]++;
        }

        if (random.Next(3) == 0)
        {
            sink.Flush();
        }

        sink.Pass(Here);
        return true;
    }
}
