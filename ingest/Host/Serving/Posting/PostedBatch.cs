using System.IO.Pipelines;
using KpiStream.Ingest.Sources.Files;

namespace KpiStream.Ingest.Host.Serving.Posting;

/// <summary>
/// One posted batch while it comes in: its bytes are cut into records as a file's are, and every record is decoded at once. Holds the accepted events and
/// the first rejections, never the bytes. Owned by the request.
/// </summary>
/// <param name="number">The request's number since the start: the partition in dead letters' positions.</param>
/// <param name="arrival">Milliseconds since 1970 UTC.</param>
/// <param name="decoder">Not used by anyone else meanwhile.</param>
/// <param name="intake">Where rejections are counted and noted.</param>
internal sealed class PostedBatch(int number, long arrival, IEventDecoder decoder, Intake intake) : IRecordSink
{
    /// <summary>This many rejections are told to the sender one by one; the rest only as a count.</summary>
    public const int MostTold = 1_000;

    /// <summary>
    /// With more rejected ones a batch is refused whole: it is no batch of events, and noting all of them would push out what others were told.
    /// </summary>
    public const int MostRejected = 10_000;

    private readonly List<CaseEvent> accepted = [];
    private readonly List<PostRejection> told = [];

    public IReadOnlyList<CaseEvent> Accepted => accepted;

    public IReadOnlyList<PostRejection> Told => told;

    public long Rejected { get; private set; }

    public long Arrival => arrival;

    public int MostRecords { get; init; } = int.MaxValue;

    /// <summary>True when it holds more records than it may.</summary>
    public bool HasTooMany { get; private set; }

    /// <summary>True when more records were rejected than may be.</summary>
    public bool HasTooManyRejected => Rejected > MostRejected;

    private bool IsOver => HasTooMany || HasTooManyRejected;

    /// <summary>Takes a body to its end.</summary>
    /// <param name="body">The bytes, decompressed.</param>
    /// <param name="limits">The record size.</param>
    /// <param name="mostBytes">The longest body.</param>
    /// <param name="gone">The sender has gone.</param>
    /// <returns>False when the body is longer than it may be; nothing of it is to be kept then.</returns>
    /// <exception cref="InvalidDataException">Not every byte of the body is accounted for; the message says why, without an end. Nothing of it is to be
    /// kept.</exception>
    /// <exception cref="IOException">The body was cut off.</exception>
    public async Task<bool> TryReadAsync(Stream body, DecodeLimits limits, long mostBytes, CancellationToken gone)
    {
        var reader = PipeReader.Create(body);
        try
        {
            using var splitter = new FileSplitter(this, number, limits.MaxRecordBytes);
            return await TryReadAsync(reader, splitter, mostBytes, gone);
        }
        finally
        {
            // Gives its rented blocks back, also when the body is refused in the middle.
            await reader.CompleteAsync();
        }
    }

    public void Accept(ReadOnlySpan<byte> record, SourcePosition position, long recordArrival)
    {
        if (!TryCount())
        {
            return;
        }

        var verdict = decoder.Decode(record, arrival, out var decoded);
        if (verdict.IsAccepted)
        {
            accepted.Add(decoded);
            return;
        }

        intake.RejectPosted(verdict, record, position, arrival);
        Tell(verdict, position.Offset);
    }

    public void RejectTooLarge(SourcePosition position, long recordArrival, long length, ReadOnlySpan<byte> sha256)
    {
        if (!TryCount())
        {
            return;
        }

        var verdict = new Verdict(RejectReason.TooLarge);
        intake.RejectPosted(verdict, position, arrival, length, sha256);
        Tell(verdict, position.Offset);
    }

    public void Flush()
    {
    }

    public void ReportLag(int partition, long remaining)
    {
    }

    private bool TryCount()
    {
        HasTooMany |= accepted.Count + Rejected >= MostRecords;
        return !IsOver;
    }

    private async Task<bool> TryReadAsync(PipeReader reader, FileSplitter splitter, long mostBytes, CancellationToken gone)
    {
        var taken = 0L;
        for (var ended = false; !ended && !splitter.IsLost && !IsOver;)
        {
            var read = await reader.ReadAsync(gone);
            if (taken + read.Buffer.Length > mostBytes)
            {
                return false;
            }

            if (taken == 0 && WhatElseIs(read.Buffer.FirstSpan) is { } other)
            {
                throw new InvalidDataException($"The body is {other}");
            }

            ended = read.IsCompleted;
            var next = splitter.Take(read.Buffer, ended);
            taken += read.Buffer.Slice(0, next).Length;
            reader.AdvanceTo(next, read.Buffer.End);
        }

        return splitter.Damage is { } damage ? throw new InvalidDataException($"The body is damaged: {damage}") : true;
    }

    /// <summary>What a body is that holds no events as it stands; null for anything else.</summary>
    private static string? WhatElseIs(ReadOnlySpan<byte> begins)
    {
        ForeignForm.Look(begins, out var foreign);
        return begins is [0x1f, 0x8b, ..] ? "gzip, and the header Content-Encoding: gzip is missing" : foreign is null ? null
            : $"{foreign.What}, where JSON or MessagePack is read";
    }

    private void Tell(Verdict verdict, long line)
    {
        Rejected++;
        if (told.Count < MostTold)
        {
            told.Add(new PostRejection(line, verdict.ToString()));
        }
    }
}

/// <summary>A record that was rejected.</summary>
/// <param name="Line">The line's or MessagePack value's number in the body, from 1.</param>
/// <param name="Reason">As dead letters write it.</param>
internal sealed record PostRejection(long Line, string Reason);
