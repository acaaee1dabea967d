using KpiStream.Engine.Codecs.Decoders;

namespace KpiStream.Ingest.Host.Runs;

/// <summary>
/// Recorded events into lines of JSON. Owned by the source's flow. When the target cannot be written on, that is kept as the error and the source
/// is stopped.
/// </summary>
internal sealed class JsonSink(CodeBook codes, Stream target, CancellationTokenSource stopSource) : IRecordSink, IDisposable
{
    private readonly RecordedEventDecoder decoder = new(codes, DecodeLimits.Default);
    private readonly EventJson json = new(codes);

    public long Accepted { get; private set; }

    /// <summary>Records that a sound recording does not hold.</summary>
    public long Rejected { get; private set; }

    /// <summary>Why the target could not be written on; null when it could.</summary>
    public IOException? Error { get; private set; }

    public void Accept(ReadOnlySpan<byte> record, SourcePosition position, long arrival)
    {
        if (!decoder.Decode(record, arrival, out var decoded).IsAccepted)
        {
            Rejected++;
            return;
        }

        try
        {
            target.Write(json.Write(in decoded));
            target.WriteByte((byte)'\n');
            Accepted++;
        }
        catch (IOException problem)
        {
            Error ??= problem;
            stopSource.Cancel();
        }
    }

    public void RejectTooLarge(SourcePosition position, long arrival, long length, ReadOnlySpan<byte> sha256) => Rejected++;

    public void Dispose() => json.Dispose();
}
