using System.Net;
using KpiStream.Ingest.Host.Serving.Http;
using KpiStream.Ingest.Sources.Files;

namespace KpiStream.Ingest.Host.Serving.Posting;

/// <summary>
/// <c>POST /api/v1/events</c>: a batch of records, lines of JSON or MessagePack values, into the embedded log. An answer of 200 means that every event is on
/// disk; 400 that the good ones are and the bad ones are named; any other that nothing of the batch was stored. A batch may be sent again at any time: an event
/// that is there already changes nothing.
/// </summary>
internal sealed class EventPost(
    LogSettings settings, GroupCommit commit, Intake intake, KeptRejections kept, EventDecoders decoders, DecodeLimits limits, ApiKeys keys, TimeProvider time)
{
    public const string Path = "/api/v1/events";

    private const int OutOfSpace = 28; // ENOSPC

    private static readonly QueryParameter Profile = new("profile", "The profile that reads the records; native events when left out.");

    /// <summary>How long a batch that is here whole waits to be decoded.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // Batches decoded at the same time: with the most records of one that bounds what all senders together can make us hold.
    private readonly SemaphoreSlim places = Places();
    private int number;

    public void Map(IEndpointRouteBuilder routes) => routes.MapPost(Path, (Delegate)AnswerAsync)
        .Accepts<string>("application/x-ndjson", "application/msgpack", "*/*") // what others say of a body, like curl, is not looked at
        .Answers<PostAnswer>("Takes a batch of events into the embedded log. 200: all are on disk; 400: the good ones are and the bad ones are named; "
            + "any other: nothing was stored.")
        .ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status413PayloadTooLarge)
        .ProducesProblem(StatusCodes.Status429TooManyRequests).ProducesProblem(StatusCodes.Status503ServiceUnavailable)
        .Takes(Profile);

    private static SemaphoreSlim Places() => new(Math.Clamp(Environment.ProcessorCount, 2, 8));

    /// <summary>What a body that is too long is answered.</summary>
    public static string TooLong(int mostBytes) => $"The body is longer than {mostBytes} bytes; nothing was stored. Send smaller batches.";

    private async Task<IResult> AnswerAsync(HttpContext context)
    {
        if (!keys.Knows(context.Request.Headers))
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            return Refuse(HttpStatusCode.Unauthorized, "An API key is needed: send it as 'Authorization: Bearer KEY'.");
        }

        if (UnpackedStream.Of(context.Request.Body, context.Request.Headers.ContentEncoding) is not { } body)
        {
            return Refuse(HttpStatusCode.UnsupportedMediaType, "The body may be compressed with gzip, deflate or br, once; nothing was stored.");
        }

        if (context.Request.ContentLength > settings.MaxBatchBytes)
        {
            return TooLarge();
        }

        return await TakeAsync(context, body);
    }

    private async Task<IResult> TakeAsync(HttpContext context, Stream body)
    {
        if (decoders.TryRent(context.Request.Query["profile"]) is not { } decoder)
        {
            return Refuse(HttpStatusCode.BadRequest, $"There is no such profile; known are {string.Join(", ", decoders.Profiles)}.");
        }

        var batch = new PostedBatch(Interlocked.Increment(ref number) & int.MaxValue, time.GetUtcNow()
            .ToUnixTimeMilliseconds(), decoder.Decoder, intake)
        { MostRecords = settings.MaxBatchRecords };
        try
        {
            if (await DecodeAsync(context, body, batch) is { } refused)
            {
                return refused;
            }
        }
        catch (InvalidDataException error)
        {
            return Refuse(HttpStatusCode.BadRequest, $"{error.Message}; nothing was stored. Send it again, whole.");
        }
        catch (BadHttpRequestException error) when (error.StatusCode == (int)HttpStatusCode.RequestEntityTooLarge)
        {
            return TooLarge();
        }
        finally
        {
            decoders.Return(decoder);
            if (batch.Rejected > 0)
            {
                kept.Keep();
            }
        }

        return await StoreAsync(context, batch);
    }

    /// <summary>Decodes a batch that is here whole; null when it may be stored.</summary>
    private async Task<IResult?> DecodeAsync(HttpContext context, Stream body, PostedBatch batch)
    {
        if (!await places.WaitAsync(Patience, context.RequestAborted))
        {
            return Busy(context);
        }

        try
        {
            var isWhole = await batch.TryReadAsync(body, limits, settings.MaxBatchBytes, context.RequestAborted);
            return batch.HasTooMany ? Refuse(HttpStatusCode.RequestEntityTooLarge,
                $"The batch holds more than {settings.MaxBatchRecords} records; nothing was stored. Send smaller batches.")
                : batch.HasTooManyRejected ? Refuse(HttpStatusCode.BadRequest, TooManyRejected(batch))
                : isWhole ? null : TooLarge();
        }
        finally
        {
            places.Release();
        }
    }

    private static string TooManyRejected(PostedBatch batch)
    {
        var first = batch.Told[0];
        return $"More than {PostedBatch.MostRejected} records of the batch were rejected, the first in line {first.Line}: {first.Reason}. Nothing was "
            + "stored, and the rest was not looked at: see to it that the batch holds case events.";
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

            if (await ErrorOf(done) is { } error)
            {
                return error;
            }
        }

        var answer = new PostAnswer(batch.Accepted.Count, batch.Rejected, batch.Told);
        return batch.Rejected == 0 ? Results.Ok(answer) : Problem.Of(
            StatusCodes.Status400BadRequest, "Some records were rejected and are named under 'rejections'; the others are on disk.",
            new() { ["accepted"] = answer.Accepted, ["rejected"] = answer.Rejected, ["rejections"] = answer.Rejections });
    }

    /// <summary>Null when the events are on disk.</summary>
    private static async Task<IResult?> ErrorOf(Task done)
    {
        try
        {
            await done;
            return null;
        }
        catch (IOException error)
        {
            if (error.InnerException is SegmentLostException)
            {
                return Refuse(HttpStatusCode.ServiceUnavailable,
                    "The file of the server's log was taken away or cut short; the batch was not stored. Send it again: the next one begins a new file.");
            }

            var isFull = (error.InnerException as IOException)?.HResult == OutOfSpace;
            return Refuse(
                isFull ? HttpStatusCode.InsufficientStorage : HttpStatusCode.ServiceUnavailable,
                isFull ? "The server's disk is full; the batch was not stored. Send it again when there is room."
                    : "The server cannot write its log; the batch was not stored. Send it again later.");
        }
    }

    private IResult TooLarge() => Refuse(HttpStatusCode.RequestEntityTooLarge, TooLong(settings.MaxBatchBytes));

    private static IResult Busy(HttpContext context)
    {
        context.Response.Headers.RetryAfter = "1";
        return Refuse(HttpStatusCode.TooManyRequests,
            "More is coming in than is decoded and brought to disk; nothing of this batch was stored. Send it again in a second.");
    }

    private static IResult Refuse(HttpStatusCode status, string sentence) => Problem.Of((int)status, sentence);
}

/// <summary>What became of a batch.</summary>
/// <param name="Accepted">Events that are on disk.</param>
/// <param name="Rejected">Records that were rejected.</param>
/// <param name="Rejections">The first of them.</param>
internal sealed record PostAnswer(int Accepted, long Rejected, IReadOnlyList<PostRejection> Rejections);
