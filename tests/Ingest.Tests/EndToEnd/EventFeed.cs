using System.Net.ServerSentEvents;

namespace KpiStream.Ingest.Tests.EndToEnd;

/// <summary>A reader of <c>/api/v1/stream</c> that notes when each message came.</summary>
internal static class EventFeed
{
    /// <summary>Reads from a connection of its own until it has seen enough.</summary>
    public static async Task<List<FeedMessage>> ReadAsync(HttpClient http, Func<IReadOnlyList<FeedMessage>, bool> enough)
    {
        using var limit = new CancellationTokenSource(KpiStreamProcess.Limit);
        using var stream = await http.GetStreamAsync("/api/v1/stream", limit.Token);
        var messages = new List<FeedMessage>();
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(limit.Token))
        {
            messages.Add(new FeedMessage(
                item.EventType, long.Parse(item.EventId ?? "0"), JsonNode.Parse(item.Data)!, TimeProvider.System.GetTimestamp()));
            if (enough(messages))
            {
                break;
            }
        }

        return messages;
    }

    /// <summary>The longest silence between two messages.</summary>
    public static TimeSpan LongestSilence(IReadOnlyList<FeedMessage> messages) =>
        messages.Zip(messages.Skip(1), (one, next) => TimeProvider.System.GetElapsedTime(one.Came, next.Came)).Max();
}

/// <summary>One server-sent event.</summary>
/// <param name="Came">A timestamp of <see cref="TimeProvider.System"/>.</param>
internal sealed record FeedMessage(string Kind, long Id, JsonNode Body, long Came);
