using System.Collections.Concurrent;

namespace KpiStream.Ingest.Tests.EndToEnd;

/// <summary>
/// Batches that several senders post until each is acknowledged, over as many lives of the server as it takes, and what must be stored of them.
/// </summary>
internal sealed class NumberedBatches
{
    private readonly ConcurrentQueue<(int Number, byte[] Body)> waiting = new();
    private readonly ConcurrentDictionary<int, bool> acknowledged = new();
    private readonly List<List<byte[]>> batches = [];
    private volatile Goal goal = new(int.MaxValue, new TaskCompletionSource());

    /// <param name="lines">All events.</param>
    /// <param name="chance">How long batches are.</param>
    public NumberedBatches(IReadOnlyList<byte[]> lines, Random chance)
    {
        for (var at = 0; at < lines.Count; at += batches[^1].Count)
        {
            batches.Add([.. lines.Skip(at).Take(chance.Next(1, 45))]);
            waiting.Enqueue((batches.Count - 1, [.. batches[^1].SelectMany(line => line.Append((byte)'\n'))]));
        }
    }

    public int Count => batches.Count;

    public int Acknowledged => acknowledged.Count;

    /// <summary>Several senders post what is waiting until there is nothing more or the server is gone. Done when all of them have stopped.</summary>
    public Task PostAsync(LogServer server, int senders, int most) => Task.WhenAll(Enumerable.Range(0, senders).Select(_ => PostOneByOneAsync(server, most)));

    /// <summary>Done when this many batches have been acknowledged; asked for by one at a time.</summary>
    public Task UntilAcknowledgedAsync(int count)
    {
        var next = new Goal(count, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        goal = next;
        Reached();
        return next.Met.Task;
    }

    /// <summary>The recorded form of every event of the acknowledged batches.</summary>
    public HashSet<string> MustBeStored(string pseudonymKeyFile)
    {
        var codes = new CodeBook();
        var key = PseudonymKeyFile.Load(pseudonymKeyFile, []) ?? throw new InvalidOperationException("no pseudonym key");
        var decoder = new EventDecoder(codes, key, DecodeLimits.Default);
        var writer = new RecordedEventWriter(codes);
        var stored = new HashSet<string>();
        foreach (var line in acknowledged.Keys.SelectMany(number => batches[number]))
        {
            decoder.Decode(line, DecodeLimits.UnknownArrival, out var decoded);
            stored.Add(Convert.ToHexString(writer.Write(in decoded)));
        }

        return stored;
    }

    /// <summary>At most this many acknowledged batches a life, so that later lives have something to do too.</summary>
    private async Task PostOneByOneAsync(LogServer server, int most)
    {
        for (var posted = 0; posted < most && waiting.TryDequeue(out var batch);)
        {
            var isStored = false;
            try
            {
                isStored = (await server.PostAsync(batch.Body)).Status == HttpStatusCode.OK;
            }
            catch (Exception gone) when (gone is HttpRequestException or IOException)
            {
                // The server was killed; whether it had stored the batch nobody knows.
                return;
            }
            finally
            {
                if (isStored)
                {
                    acknowledged[batch.Number] = true;
                    posted++;
                    Reached();
                }
                else
                {
                    waiting.Enqueue(batch);
                }
            }
        }
    }

    private void Reached()
    {
        var reached = goal;
        if (acknowledged.Count >= reached.Count)
        {
            reached.Met.TrySetResult();
        }
    }

    private sealed record Goal(int Count, TaskCompletionSource Met);
}
