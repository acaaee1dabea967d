using System.Net;
using KpiStream.Engine.Codecs;
using KpiStream.Engine.Pipeline;
using KpiStream.Ingest.Sources.Configuration;
using KpiStream.Ingest.Sources.Logs;

namespace KpiStream.Ingest.Host.Posting;

/// <summary>
/// <c>POST /api/v1/events</c>: a batch of records, lines of JSON or MessagePack values, into the embedded log. An answer of 200 means that every event is on disk;
/// 400 that the good ones are and the bad ones are named; any other that nothing of the batch was stored. A batch may be sent again at any time: an event
/// that is there already changes nothing.
/// </summary>
internal sealed class EventPost(LogSettings settings, GroupCommit commit, Intake intake, EventDecoders decoders, DecodeLimits limits, ApiKeys keys, TimeProvider time)
{
    /// <summary>Batches read at the same time; with the longest body that bounds what all senders together can make us hold.</summary>
    private const int MostAtOnce = 8;

    private const int OutOfSpace = 28; // ENOSPC

    private int atOnce;
    private int number;

    public void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/v1/events", (Delegate)AnswerAsync);

    private async Task<IResult> AnswerAsync(HttpContext context)
    {
        if (!keys.Knows(context.Request.Headers))
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            return Refuse(HttpStatusCode.Unauthorized, "An API key is needed: send it as 'Authorization: Bearer KEY'.");
        }

        // What the server knows how to unpack it has unpacked by now, and taken the header away.
        if (context.Request.Headers.ContentEncoding is [{ Length: > 0 } and not "identity", ..])
        {
            return Refuse(HttpStatusCode.UnsupportedMediaType, "The body may be compressed with gzip, deflate or br, once; nothing was stored.");
        }

        if (context.Request.ContentLength > settings.MaxBatchBytes)
        {
            return TooLarge();
        }

        try
        {
            return Interlocked.Increment(ref atOnce) <= MostAtOnce ? await TakeAsync(context) : Busy(context);
        }
        finally
        {
            Interlocked.Decrement(ref atOnce);
        }
    }

    private async Task<IResult> TakeAsync(HttpContext context)
    {
        if (decoders.TryRent(context.Request.Query["profile"]) is not { } decoder)
        {
            return Refuse(HttpStatusCode.BadRequest, $"There is no such profile; known are {string.Join(", ", decoders.Profiles)}.");
        }

        var batch = new PostedBatch(Interlocked.Increment(ref number) & int.MaxValue, time.GetUtcNow().ToUnixTimeMilliseconds(), decoder.Decoder, intake);
        try
        {
            return await batch.TryReadAsync(context.Request.Body, limits, settings.MaxBatchBytes, context.RequestAborted) ? await StoreAsync(context, batch) : TooLarge();
        }
        catch (InvalidDataException)
        {
            return Refuse(HttpStatusCode.BadRequest, "The body's compression is damaged; nothing was stored. Send it again.");
        }
        catch (BadHttpRequestException trouble) when (trouble.StatusCode == (int)HttpStatusCode.RequestEntityTooLarge)
        {
            return TooLarge();
        }
        finally
        {
            decoders.Return(decoder);
        }
    }

    private async Task<IResult> StoreAsync(HttpContext context, PostedBatch batch)
    {
        if (batch.Accepted.Count == 0 && batch.Rejected == 0)
        {
            return Refuse(HttpStatusCode.BadRequest, "The body holds no records: send one JSON object a line, or MessagePack values one behind another.");
        }

        if (batch.Accepted.Count > 0)
        {
            if (!commit.TryWrite(batch.Accepted, batch.Arrival, out var done))
            {
                return Busy(context);
            }

            if (await TroubleOf(done) is { } trouble)
            {
                return trouble;
            }
        }

        var answer = new PostAnswer(batch.Accepted.Count, batch.Rejected, batch.Told);
        return Results.Json(answer, statusCode: batch.Rejected == 0 ? (int)HttpStatusCode.OK : (int)HttpStatusCode.BadRequest);
    }

    /// <summary>Null when the events are on disk.</summary>
    private static async Task<IResult?> TroubleOf(Task done)
    {
        try
        {
            await done;
            return null;
        }
        catch (IOException trouble)
        {
            var isFull = (trouble.InnerException as IOException)?.HResult == OutOfSpace;
            return Refuse(
                isFull ? HttpStatusCode.InsufficientStorage : HttpStatusCode.ServiceUnavailable,
                isFull ? "The server's disk is full; the batch was not stored. Send it again when there is room." : "The server cannot write its log; the batch was not stored. Send it again later.");
        }
    }

    private IResult TooLarge() => Refuse(HttpStatusCode.RequestEntityTooLarge, $"The body is longer than {settings.MaxBatchBytes} bytes; nothing was stored. Send smaller batches.");

    private static IResult Busy(HttpContext context)
    {
        context.Response.Headers.RetryAfter = "1";
        return Refuse(HttpStatusCode.TooManyRequests, "More is coming in than the disk takes; nothing of this batch was stored. Send it again in a second.");
    }

    private static IResult Refuse(HttpStatusCode status, string sentence) => Results.Problem(sentence, statusCode: (int)status);
}

/// <summary>What became of a batch.</summary>
/// <param name="Accepted">Events that are on disk.</param>
/// <param name="Rejected">Records that were rejected.</param>
/// <param name="Rejections">The first of them.</param>
internal sealed record PostAnswer(int Accepted, long Rejected, IReadOnlyList<PostRejection> Rejections);
