using System.Collections.Concurrent;
using KpiStream.Engine.Pipeline;

namespace KpiStream.Tests.Support;

/// <summary>One record as a sink was given it.</summary>
/// <param name="Bytes">A copy of its bytes.</param>
/// <param name="Position">Where it came from.</param>
/// <param name="Arrival">When it arrived.</param>
public sealed record CollectedRecord(byte[] Bytes, SourcePosition Position, long Arrival)
{
    public string Text => System.Text.Encoding.UTF8.GetString(Bytes);
}

/// <summary>A sink that keeps everything it is given and lets a test wait for it.</summary>
public sealed class CollectingSink : IRecordSink
{
    private readonly ConcurrentQueue<CollectedRecord> records = new();
    private readonly ConcurrentDictionary<int, long> lag = new();
    private readonly Lock gate = new();
    private readonly List<(Func<bool> Condition, TaskCompletionSource Met)> waiting = [];
    private int flushes;
    private int count;

    public IReadOnlyCollection<CollectedRecord> Records => records;

    public int Count => Volatile.Read(ref count);

    public IReadOnlyDictionary<int, long> Lag => lag;

    public int Flushes => Volatile.Read(ref flushes);

    /// <summary>The records' texts, sorted: what was read, whatever the order of partitions.</summary>
    public IReadOnlyList<string> Texts => [.. records.Select(static record => record.Text).Order()];

    public void Accept(ReadOnlySpan<byte> record, SourcePosition position, long arrival)
    {
        records.Enqueue(new CollectedRecord(record.ToArray(), position, arrival));
        Interlocked.Increment(ref count);
        Changed();
    }

    public void RejectTooLarge(SourcePosition position, long arrival, long length, ReadOnlySpan<byte> sha256)
    {
    }

    public void Flush()
    {
        Interlocked.Increment(ref flushes);
        Changed();
    }

    public void ReportLag(int partition, long remaining)
    {
        lag[partition] = remaining;
        Changed();
    }

    /// <summary>Completes when the condition holds; it is looked at whenever the sink is called. Fails after the time limit.</summary>
    public Task Until(Func<bool> condition, TimeSpan limit)
    {
        var met = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            waiting.Add((condition, met));
        }

        Changed();
        return met.Task.WaitAsync(limit);
    }

    private void Changed()
    {
        lock (gate)
        {
            if (waiting.Count == 0)
            {
                return;
            }

            foreach (var (condition, met) in waiting.ToArray())
            {
                if (condition())
                {
                    met.TrySetResult();
                    waiting.Remove((condition, met));
                }
            }
        }
    }
}
