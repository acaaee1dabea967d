using System.Buffers;
using KpiStream.Engine.Pipeline;

namespace KpiStream.Ingest.Sources.Files;

/// <summary>Cuts one file by the form that its first byte shows: lines of JSON, or MessagePack values.</summary>
public sealed class FileSplitter(IRecordSink sink, int file, int limit) : IRecordSplitter
{
    private IRecordSplitter? chosen;

    /// <summary>What a record is called in messages.</summary>
    public string Unit => chosen is PackedSplitter ? "value" : "line";

    public long Records => chosen?.Records ?? 0;

    public bool IsLost => chosen?.IsLost ?? false;

    public SequencePosition Take(ReadOnlySequence<byte> buffer, bool final)
    {
        if (chosen is null && !buffer.IsEmpty)
        {
            chosen = PackedSplitter.Recognises(buffer.FirstSpan[0]) ? new PackedSplitter(sink, file, limit) : new LineSplitter(sink, file, limit);
        }

        return chosen?.Take(buffer, final) ?? buffer.Start;
    }

    public void Dispose() => chosen?.Dispose();
}
