using System.Buffers;

namespace KpiStream.Ingest.Sources.Files;

/// <summary>Cuts one file by the form that its first byte shows: lines of JSON, or MessagePack values.</summary>
public sealed class FileSplitter(IRecordSink sink, int file, int limit) : IRecordSplitter
{
    private IRecordSplitter? chosen;

    /// <summary>What a record is called in messages.</summary>
    public string Unit => chosen is PackedSplitter ? "value" : "line";

    public long Records => chosen?.Records ?? 0;

    public bool IsLost => chosen?.IsLost ?? false;

    public string? Damage => chosen?.Damage;

    public SequencePosition Take(ReadOnlySequence<byte> buffer, bool final)
    {
        if (chosen is null && !buffer.IsEmpty)
        {
            chosen = Splitter(buffer.FirstSpan[0], before: 0, bytes: 0);
        }

        return chosen?.Take(buffer, final) ?? buffer.Start;
    }

    public bool IsInside => chosen?.IsInside ?? false;

    public bool HasOpenEnd => chosen?.HasOpenEnd ?? false;

    /// <summary>Continues in the middle of a file. Nothing may have been taken yet.</summary>
    /// <param name="first">The file's first byte, which shows its form.</param>
    /// <param name="records">Records before the place.</param>
    /// <param name="bytes">Bytes before the place.</param>
    public void GoOn(byte first, long records, long bytes) => chosen = Splitter(first, records, bytes);

    public void Dispose() => chosen?.Dispose();

    private IRecordSplitter Splitter(byte first, long before, long bytes) =>
        PackedSplitter.Recognises(first) ? new PackedSplitter(sink, file, limit, before, bytes) : new LineSplitter(sink, file, limit, before);
}
