using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using KpiStream.Engine.Boards;

namespace KpiStream.Ingest.Host.Serving;

/// <summary>One reader's server-sent events: a whole frame, then what changed since the frame this reader saw last, heartbeats in between (spec section 9).</summary>
internal static class BoardStream
{
    /// <summary>Below the five seconds promised, so that a late timer does not break the promise.</summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(3);

    public static async IAsyncEnumerable<SseItem<object>> ReadAsync(LiveBoard board, TimeProvider time, [EnumeratorCancellation] CancellationToken cancel)
    {
        BoardFrame? seen = null;
        while (!cancel.IsCancellationRequested)
        {
            var newer = await board.NewerThanAsync(seen?.Id ?? 0, Heartbeat, time, cancel);
            if (newer is null)
            {
                yield return new SseItem<object>(BoardHeartbeat.At(time.GetUtcNow().ToUnixTimeMilliseconds(), seen), "heartbeat");
                continue;
            }

            var sent = seen is null ? newer : BoardDiff.Between(seen, newer);
            seen = newer;
            yield return new SseItem<object>(sent, sent.Kind) { EventId = newer.Id.ToString(CultureInfo.InvariantCulture) };
        }
    }
}
