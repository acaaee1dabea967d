using System.Buffers.Binary;
using System.Security.Cryptography;

namespace KpiStream.Ingest.Sources.Recordings;

/// <summary>How a recording is to be written.</summary>
/// <param name="Codes">The code book of the events that will be appended.</param>
/// <param name="KeyId">Tells the pseudonym key of the events (<see cref="Engine.Codecs.PseudonymKey.Id"/>); empty when it is not known.</param>
public sealed record RecordingOptions(CodeBook Codes, string KeyId)
{
    /// <summary>
    /// What positions are of, like <c>kafka:cases</c>: a file is gone on with from the same origin only. Empty when nothing is resumed by positions.
    /// </summary>
    public string Origin { get; init; } = "";

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Gives a new recording a number that no other has.</summary>
    internal Func<UInt128> NewId { get; init; } = static () => BinaryPrimitives.ReadUInt128BigEndian(RandomNumberGenerator.GetBytes(RecordingFormat.IdBytes));

    /// <summary>The payload of a full block: large enough that its header does not count, small enough to be lost or read over.</summary>
    internal int BlockBytes { get; init; } = 64 * 1024;

    /// <summary>How much is written between two indexes: what opening the file for appending reads again, a tenth of a second.</summary>
    internal long SectionBytes { get; init; } = 64 << 20;
}

/// <summary>A recording opened for appending, or why it cannot be.</summary>
/// <param name="Writer">Null when it cannot be.</param>
/// <param name="Error">One sentence saying what happened and what to do; empty when there is a writer.</param>
/// <param name="Notices">What was put right: one sentence each.</param>
public sealed record RecordingOpening(RecordingWriter? Writer, string Error, IReadOnlyList<string> Notices)
{
    /// <summary>
    /// Makes a recording, or opens one behind its last good block: a torn end is cut off. A file written under another pseudonym key, by a newer
    /// program or by another process at this moment is refused, and so is one that is no recording.
    /// </summary>
    public static RecordingOpening Open(string path, RecordingOptions options) => Open(path, () => RecordingFile.Open(path), options, long.MaxValue);

    /// <summary>Makes a recording in the place of whatever another run may have left there.</summary>
    public static RecordingOpening Begin(string path, RecordingOptions options) => Open(path, () => RecordingFile.Open(path), options, keep: 0);

    /// <inheritdoc cref="Open(string, RecordingOptions)"/>
    /// <param name="path">What to call the recording.</param>
    /// <param name="open">Opens its file; may throw what opening a file throws.</param>
    /// <param name="options">How it is to be written.</param>
    /// <param name="keep">The bytes that are known to be on disk: what is behind them is not kept.</param>
    internal static RecordingOpening Open(string path, Func<IRecordingFile> open, RecordingOptions options, long keep)
    {
        IRecordingFile? file = null;
        try
        {
            file = open();
            if (file.Length > keep)
            {
                file.Cut(keep);
            }

            return Open(path, file, options);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            file?.Dispose();
            return Refuse(RecordingFile.IsTaken(path)
                ? $"{path} is being written by another process: stop that one first, or record into another file."
                : $"{path} cannot be written: {error.Message} Choose another file, or check the disk and its permissions.");
        }
    }

    private static RecordingOpening Open(string path, IRecordingFile file, RecordingOptions options)
    {
        var start = RecordingStart.Read(file.Stream);
        if (start.Kind == RecordingStartKind.Unfinished)
        {
            return new RecordingOpening(
                Make(file, options), "", start.Bytes > 0 ? [$"{path} ended inside its own header and held nothing: it was begun anew."] : []);
        }

        if (RefusalOf(path, start, options) is { } refusal)
        {
            file.Dispose();
            return Refuse(refusal);
        }

        var notices = new List<string>();
        if (start.Bytes < RecordingFormat.FirstBlock)
        {
            WriteHeader(file, start.Header);
        }

        if (start.IsOneCopyDamaged)
        {
            WriteHeader(file, start.Header);
            notices.Add($"{path}: one of the two copies of its header was damaged; it was written anew from the other.");
        }

        var tail = RecordingTail.Find(new BlockReader(file.Stream, start.Header.Id));
        CutTo(path, file, tail, notices);
        if (start.Header.Version < RecordingFormat.Version)
        {
            RaiseVersion(file, start.Header);
            notices.Add($"{path} was of recording format {start.Header.Version} and is continued in format {RecordingFormat.Version}: older programs do not "
                + "read it any more.");
        }

        return new RecordingOpening(new RecordingWriter(file, start.Header.Id, options, tail), "", notices);
    }

    private static string? RefusalOf(string path, RecordingStart start, RecordingOptions options)
    {
        if (start.Obstacle(path) is { } obstacle)
        {
            return obstacle;
        }

        if (start.Header.Origin != RecordingHeader.OriginOf(options.Origin))
        {
            return $"{path} was not recorded from {(options.Origin.Length == 0 ? "files" : options.Origin)}, and its positions would mean something else: "
                + "record into another file.";
        }

        return start.KeyId == options.KeyId ? null
            : $"{path} was recorded under another pseudonym key (id {start.KeyId} there, {options.KeyId} here), and one case would become two: give the key "
                + "it was made with, or record into another file.";
    }

    private static void CutTo(string path, IRecordingFile file, RecordingTail tail, List<string> notices)
    {
        if (tail.DamagedBytes > 0)
        {
            notices.Add($"{path}: {tail.DamagedBytes} bytes before the end are damaged and were left as they are; replay says which, and recording into a "
                + "new file brings their records back.");
        }

        if (tail.End < file.Length)
        {
            notices.Add($"{path} did not end with a whole block: its last {file.Length - tail.End} bytes were cut; the last good block ends at byte "
                + $"{tail.End}.");
            file.Cut(tail.End);
        }

        // Blocks, and the file's very name, may lie in the system's memory only, left there by a writer that was killed; the next block's header speaks of
        // them as on disk.
        file.Sync();
        file.SyncName();
    }

    private static RecordingWriter Make(IRecordingFile file, RecordingOptions options)
    {
        var header = new RecordingHeader(
            RecordingFormat.Version, RecordingFormat.EventVersion, options.NewId(),
            RecordingStart.KeyNumber(options.KeyId), options.Time.GetUtcNow().ToUnixTimeMilliseconds(),
            RecordingHeader.OriginOf(options.Origin));
        file.Cut(0);
        WriteHeader(file, header);
        file.SyncName();
        return new RecordingWriter(file, header.Id, options, RecordingTail.Find(new BlockReader(file.Stream, header.Id)));
    }

    /// <summary>Copy by copy, so that a good one is on disk at every moment; the one that readers ask first comes last.</summary>
    private static void RaiseVersion(IRecordingFile file, RecordingHeader header)
    {
        Span<byte> copy = stackalloc byte[RecordingFormat.HeaderBytes];
        (header with { Version = RecordingFormat.Version }).Write(copy);
        file.Write(copy, RecordingFormat.HeaderBytes);
        file.Sync();
        file.Write(copy, 0);
        file.Sync();
    }

    private static void WriteHeader(IRecordingFile file, RecordingHeader header)
    {
        Span<byte> both = stackalloc byte[RecordingFormat.FirstBlock];
        header.Write(both);
        header.Write(both[RecordingFormat.HeaderBytes..]);
        file.Write(both, 0);
        file.Sync();
    }

    private static RecordingOpening Refuse(string error) => new(null, error, []);
}
