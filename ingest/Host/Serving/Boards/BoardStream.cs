using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Net.Http.Headers;

namespace KpiStream.Ingest.Host.Serving.Boards;

/// <summary>
/// One reader's server-sent events: a whole frame, then what changed since the frame this reader saw last, heartbeats in between. Nothing is queued for a
/// reader: what it has not read is at most <see cref="MostUnsent"/> in the socket and what the web server buffers for a connection, and the rest it finds when
/// it comes back.
/// </summary>
/// <param name="time">Measures the pauses between heartbeats.</param>
/// <param name="stopping">The server is stopping: the stream ends, so that its reader does not hold up the stop.</param>
internal sealed class BoardStream(LiveBoard board, TimeProvider time, CancellationToken stopping) : IResult
{
    public const string ContentType = "text/event-stream";

    /// <summary>What the socket may hold for a reader that does not read, bytes; the kernel takes it twice.</summary>
    public const int MostUnsent = 32 << 10;

    /// <summary>
    /// Below the five seconds promised, so that a late timer does not break the promise, and at most thirteen in a minute, which are less than a kilobyte.
    /// </summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(4.75);

    /// <summary>How long the end of a stream may take: a reader that does not read goes without.</summary>
    private static readonly TimeSpan EndWithin = TimeSpan.FromSeconds(1);

    /// <summary>Told of each frame that is with the socket.</summary>
    public Action<long> Delivered { get; init; } = static _ => { };

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var headers = httpContext.Response.Headers;
        headers.ContentType = ContentType;
        headers.CacheControl = "no-store";
        headers["X-Accel-Buffering"] = "no"; // nginx holds back what it may buffer.
        headers.Append(HeaderNames.Vary, HeaderNames.AcceptEncoding);
        if (httpContext.Features.Get<IConnectionSocketFeature>() is { } connection)
        {
            connection.Socket.SendBufferSize = MostUnsent;
        }

        var output = new EventOutput(httpContext.Response, isPacked: TakesGzip(httpContext.Request));
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping, httpContext.RequestAborted);
        try
        {
            await FollowAsync(output, over.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested && !httpContext.RequestAborted.IsCancellationRequested)
        {
            using var limit = new CancellationTokenSource(EndWithin, time);
            await output.EndAsync(limit.Token);
        }
    }

    private static bool TakesGzip(HttpRequest request) =>
        request.GetTypedHeaders().AcceptEncoding.Any(static one => one.Value.Value is "gzip" or "*" && one.Quality is not 0);

    private async Task FollowAsync(EventOutput output, CancellationToken over)
    {
        using var reader = board.Join();
        var (seen, isDoubted) = (0L, false);
        while (true)
        {
            var newer = await board.NewerThanAsync(seen, Heartbeat, time, over);
            if (isDoubted && newer.Count > 0)
            {
                // The reader was told that its frame is stale, which no step from that frame takes back.
                newer = await board.NewerThanAsync(0, Heartbeat, time, over);
            }

            foreach (var message in newer)
            {
                await output.WriteAsync(message, over);
                Delivered(message.Id);
                (seen, isDoubted) = (message.Id, false);
            }

            if (newer.Count == 0)
            {
                var beat = BoardHeartbeat.At(time.GetUtcNow().ToUnixTimeMilliseconds(), seen == 0 ? null : board.Current, isDoubted);
                await output.WriteAsync(board.BeatOf(beat), over);
                isDoubted = beat is { Stale: true } && seen > 0;
            }
        }
    }
}
