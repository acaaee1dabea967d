using System.Net.ServerSentEvents;
using System.Text.RegularExpressions;

namespace KpiStream.Ingest.Host.Runs.Load;

/// <summary>A board's client, as a screen is one: it follows the stream of frames and says when it has each. Owned by its own flow.</summary>
/// <param name="server">The server's address.</param>
/// <param name="receive">Told the frame's id, and how many events the server had taken in when it was made, where it says so.</param>
internal sealed partial class BoardClient(Uri server, Action<long, long?> receive) : IAsyncDisposable
{
    private const string Path = "/api/v1/stream";

    private readonly HttpClient http = new() { BaseAddress = server, Timeout = Timeout.InfiniteTimeSpan };
    private readonly CancellationTokenSource over = new();
    private readonly TaskCompletionSource first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int isOver;
    private Task following = Task.CompletedTask;

    /// <summary>Frames, whole ones and changes.</summary>
    public long Frames { get; private set; }

    /// <summary>Connects; ends when the first frame is there. Fails with <see cref="HttpRequestException"/> where nobody answers.</summary>
    public async Task ConnectAsync(CancellationToken stop)
    {
        following = FollowAsync();
        await await Task.WhenAny(first.Task, following).WaitAsync(stop);
        if (!first.Task.IsCompleted)
        {
            throw new HttpRequestException($"{server} ended the stream of its board at once.");
        }
    }

    /// <summary>May be called again.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref isOver, 1) != 0)
        {
            return;
        }

        await over.CancelAsync();
        await following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        http.Dispose();
        over.Dispose();
    }

    private async Task FollowAsync()
    {
        using var answer = await http.GetAsync(new Uri(Path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, over.Token);
        answer.EnsureSuccessStatusCode();
        await using var body = await answer.Content.ReadAsStreamAsync(over.Token);
        await foreach (var message in SseParser.Create(body).EnumerateAsync(over.Token))
        {
            if (long.TryParse(message.EventId, CultureInfo.InvariantCulture, out var id) && message.EventType is "frame" or "delta")
            {
                Frames++;
                receive(id, Events().Match(message.Data) is { Success: true } found
                    ? long.Parse(found.Groups["count"].ValueSpan, CultureInfo.InvariantCulture) : null);
                first.TrySetResult();
            }
        }
    }

    /// <summary>The trust line's count of what the server has taken in.</summary>
    [GeneratedRegex("\"events\":(?<count>[0-9]+)", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Events();
}
