using KpiStream.Ingest.Kafka;

namespace KpiStream.Ingest.Host.Output.DeadLetters;

/// <summary>All destinations of a live run, each with a queue and a thread of its own: one that is stuck does not hold up another.</summary>
internal sealed class DeadLetterService(IReadOnlyList<DeadLetterQueue> queues, LetterAllowance allowance) : IDeadLetterSink, IAsyncDisposable
{
    /// <summary>The file in the state folder where the settings name none.</summary>
    private const string DefaultName = "dead-letters.ndjson";

    /// <summary>What became of the letters, by destination.</summary>
    public IEnumerable<DeadLetterCounts> Counts => queues.Select(queue => queue.Counts);

    /// <summary>Letters that were left out because their source had left many; they are counted as rejected all the same.</summary>
    public long Omitted => allowance.Omitted;

    /// <summary>What carries the letters on, by destination; it ends with this.</summary>
    public IEnumerable<(string Destination, Task Work)> Work => queues.Select(queue => (queue.Counts.Destination, queue.Writing));

    /// <summary>Opens what the settings ask for; nothing is looked for or made before the first letter.</summary>
    /// <param name="settings">The settings in force.</param>
    /// <param name="isDemo">The demo leaves nothing on the disk unless a file is named.</param>
    /// <param name="say">Told of an error, on any thread.</param>
    public static DeadLetterService Open(Settings settings, bool isDemo, Action<string> say, TimeProvider time)
    {
        var letters = settings.DeadLetters;
        var queues = new List<DeadLetterQueue>();
        if (letters.ToFile && (letters.File is not null || !isDemo))
        {
            var path = letters.File ?? Path.Combine(StateFolder.Of(settings), DefaultName);
            queues.Add(new(new DeadLetterFile(DeadLetterFile.FileAt(path, letters.MaxBytes, time), time, say, "dead_letters.file"), time));
        }

        if (letters.Topic is { } topic)
        {
            var connection = new KafkaConnection(settings.Kafka.Bootstrap, topic) { Properties = settings.Kafka.Properties };
            queues.Add(new(new DeadLetterTopic(connection, say, time), time));
        }

        return new DeadLetterService(queues, new LetterAllowance(say, time));
    }

    public void Put(in DeadLetter letter)
    {
        if (queues.Count == 0 || !allowance.TryTake(in letter))
        {
            return;
        }

        foreach (var queue in queues)
        {
            queue.Put(in letter);
        }
    }

    public async ValueTask DisposeAsync() => await Task.WhenAll(queues.Select(queue => queue.DisposeAsync().AsTask()));
}
