using System.Net;
using KpiStream.Ingest.Host.Serving.Http;

namespace KpiStream.Ingest.Host.Serving.Posting;

/// <summary>
/// Reads the bodies of those who may post to their end before anything else is done with them: a slow sender holds its few bytes and no place that others wait
/// for, and its connection is the first to go when there are many. A body has a deadline, may not pause for long, and all together hold at most
/// <see cref="MostBytes"/>. Any thread.
/// </summary>
internal sealed class PostedBodies(LogSettings settings, ApiKeys keys, ConnectionLimit connections, HttpCounts counts, TimeProvider time)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    private long held;

    /// <summary>Bytes of all bodies together, as they were sent.</summary>
    public long MostBytes { get; } = Math.Max(64 << 20, 4L * settings.MaxBatchBytes);

    /// <summary>Bytes held at present.</summary>
    public long Held => Interlocked.Read(ref held);

    /// <summary>Puts the whole body in the place of the one that is still coming in, and continues with the request; or refuses it.</summary>
    public async Task ReadAsync(HttpContext context, RequestDelegate next)
    {
        // What is refused without its body is not read.
        if (!HttpMethods.IsPost(context.Request.Method) || context.Request.Path != EventPost.Path
            || !keys.Knows(context.Request.Headers) || context.Request.ContentLength > settings.MaxBatchBytes)
        {
            await next(context);
            return;
        }

        await using var body = new BlockStream();
        var taken = 0L;
        try
        {
            switch (await WaitForAsync(context, body, () => TryTake(ref taken)))
            {
                case HttpStatusCode.OK:
                    context.Request.Body = body;
                    await next(context);
                    break;
                case HttpStatusCode.RequestTimeout:
                    counts.Count(RefusedRequest.Slow);
                    context.Response.Headers.Connection = "close";
                    await Problem.WriteAsync(context, StatusCodes.Status408RequestTimeout,
                        $"The body must come in within {Deadline.TotalSeconds:0} seconds and without a pause of {LongestPause.TotalSeconds:0}; nothing was "
                            + "stored. Send smaller batches.");
                    break;
                case HttpStatusCode.RequestEntityTooLarge:
                    await Problem.WriteAsync(context, StatusCodes.Status413PayloadTooLarge, EventPost.TooLong(settings.MaxBatchBytes));
                    break;
                default:
                    counts.Count(RefusedRequest.Busy);
                    context.Response.Headers.RetryAfter = "1";
                    await Problem.WriteAsync(context, StatusCodes.Status429TooManyRequests,
                        $"Batches that are coming in hold {MostBytes >> 20} MiB already, the most there may be; nothing of this one was stored. Send it "
                            + "again in a second.");
                    break;
            }
        }
        finally
        {
            Interlocked.Add(ref held, -taken);
        }
    }

    /// <summary>While it waits, the connection may have to make room for another.</summary>
    private async Task<HttpStatusCode> WaitForAsync(HttpContext context, BlockStream body, Func<bool> tryTake)
    {
        connections.End(context);
        try
        {
            return await ReadAsync(context, body, tryTake);
        }
        finally
        {
            connections.Resume(context);
        }
    }

    /// <summary>Reads to the end; what the answer is to be when that is not possible.</summary>
    private async Task<HttpStatusCode> ReadAsync(HttpContext context, BlockStream body, Func<bool> tryTake)
    {
        var began = time.GetTimestamp();
        using var slow = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, slow.Token);
        while (true)
        {
            if (body.IsFull)
            {
                if (!tryTake())
                {
                    return HttpStatusCode.TooManyRequests;
                }

                body.Extend();
            }

            var left = Deadline - time.GetElapsedTime(began);
            slow.CancelAfter(left < LongestPause ? TimeSpan.FromMilliseconds(Math.Max(1, left.TotalMilliseconds)) : LongestPause);
            int read;
            try
            {
                read = await context.Request.Body.ReadAsync(body.Room(), over.Token);
            }
            catch (OperationCanceledException) when (slow.IsCancellationRequested && !context.RequestAborted.IsCancellationRequested)
            {
                return HttpStatusCode.RequestTimeout;
            }

            if (read == 0)
            {
                return HttpStatusCode.OK;
            }

            body.Advance(read);
            if (body.Length > settings.MaxBatchBytes)
            {
                return HttpStatusCode.RequestEntityTooLarge;
            }
        }
    }

    private bool TryTake(ref long taken)
    {
        if (Interlocked.Add(ref held, BlockStream.BlockBytes) > MostBytes)
        {
            Interlocked.Add(ref held, -BlockStream.BlockBytes);
            return false;
        }

        taken += BlockStream.BlockBytes;
        return true;
    }
}
