using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;

namespace KpiStream.Ingest.Host.Serving.Boards;

/// <summary>
/// One reader's server-sent events: a whole frame, then what changed since the frame this reader saw last, heartbeats in between.
/// </summary>
internal static class BoardStream
{
    /// <summary>Below the five seconds promised, so that a late timer does not break the promise.</summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(3);

    /// <param name="time">Measures the pauses between heartbeats.</param>
    /// <param name="stopping">The server is stopping: the stream ends, so that its reader does not hold up the stop.</param>
    /// <param name="cancel">The reader has gone.</param>
    public static async IAsyncEnumerable<SseItem<byte[]>> ReadAsync(
        LiveBoard board, TimeProvider time, CancellationToken stopping, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping, cancel);
        using var reader = board.Join();
        var seen = 0L;
        while (true)
        {
            var newer = await NextAsync(board, seen, time, over.Token);
            if (over.IsCancellationRequested)
            {
                yield break;
            }

            if (newer.Count == 0)
            {
                var beat = BoardHeartbeat.At(time.GetUtcNow().ToUnixTimeMilliseconds(), seen == 0 ? null : board.Current);
                yield return new SseItem<byte[]>(JsonSerializer.SerializeToUtf8Bytes(beat, ApiJson.Options), "heartbeat");
            }

            foreach (var message in newer)
            {
                seen = message.Id;
                yield return new SseItem<byte[]>(message.Json, message.Event) { EventId = seen.ToString() };
            }
        }
    }

    /// <summary>What leads to the next frame; empty for a heartbeat, or when it is over.</summary>
    private static async Task<IReadOnlyList<BoardMessage>> NextAsync(LiveBoard board, long seen, TimeProvider time, CancellationToken over)
    {
        try
        {
            return await board.NewerThanAsync(seen, Heartbeat, time, over);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            return [];
        }
    }
}
