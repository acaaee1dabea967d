using System.Buffers;
using KpiStream.Ingest.Sources.Configuration.Loads;
using KpiStream.Ingest.Sources.Loads;

namespace KpiStream.Ingest.Host.Runs.Load;

/// <summary>
/// Makes some of the records dirty, gives each its due moment and passes it on. What is sent later than its turn is held until the stream has come so far,
/// <see cref="MostHeld"/> records at most. Owned by one flow.
/// </summary>
internal sealed class DirtyWriter(LoadPlan plan, LoadSchedule schedule, ILoadSink sink, CancellationTokenSource over) : IDisposable
{
    private const int MostHeld = 100_000;

    /// <summary>A day and an hour: later than the engine calls late.</summary>
    private const long LateMillis = 25 * 3_600_000L;

    /// <summary>How long after the first a copy is sent.</summary>
    private const long CopyMillis = 60_000;

    /// <summary>Ahead of every clock, whenever the stream was recorded; and the same in every run, so that runs can be compared.</summary>
    private static readonly long Future = new DateTimeOffset(2099, 12, 31, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    private readonly DirtDraw dirt = new(plan.Dirty, plan.Seed);
    private readonly PriorityQueue<(byte[] Record, CaseId Case), (long Time, long Number)> held = new();
    private readonly ArrayBufferWriter<byte> padded = new(DecodeLimits.Default.MaxRecordBytes + 1);
    private EventJson? json;
    private long number;
    private long last = long.MinValue;

    /// <summary>True once the pace has ended or the sink wants no more.</summary>
    public bool IsOver { get; private set; }

    public void Write(ReadOnlySpan<byte> record, in CaseEvent written, CodeBook codes, long time)
    {
        switch (dirt.Next())
        {
            case Dirt.Malformed:
                Send(record[..(record.Length / 2)], written.Case, time);
                break;
            case Dirt.Duplicate:
                Send(record, written.Case, time);
                Hold(record, written.Case, time + CopyMillis);
                break;
            case Dirt.Late:
                Hold(record, written.Case, time + LateMillis);
                break;
            case Dirt.Future:
                json ??= new EventJson(codes);
                var ahead = written;
                ahead.Stamp = new Stamp(Future, written.Stamp.Seq);
                Send(json.Write(in ahead), written.Case, time);
                break;
            case Dirt.Huge:
                padded.ResetWrittenCount();
                padded.GetSpan(DecodeLimits.Default.MaxRecordBytes + 1)[..(DecodeLimits.Default.MaxRecordBytes + 1)].Fill((byte)' ');
                record.CopyTo(padded.GetSpan());
                padded.Advance(DecodeLimits.Default.MaxRecordBytes + 1);
                Send(padded.WrittenSpan, written.Case, time);
                break;
            default:
                Send(record, written.Case, time);
                break;
        }
    }

    public void WriteOther(ReadOnlySpan<byte> record, long time) => Send(record, default, time);

    /// <summary>Sends what is still held.</summary>
    public void Finish()
    {
        while (!IsOver && held.TryDequeue(out var one, out _))
        {
            Pass(one.Record, one.Case, last);
        }
    }

    public void Dispose() => json?.Dispose();

    private void Hold(ReadOnlySpan<byte> record, CaseId id, long until) => held.Enqueue((record.ToArray(), id), (until, number++));

    private void Send(ReadOnlySpan<byte> record, CaseId id, long time)
    {
        last = Math.Max(last, time);
        while (!IsOver && held.TryPeek(out _, out var first) && (first.Time <= last || held.Count > MostHeld))
        {
            var (other, theirs) = held.Dequeue();
            Pass(other, theirs, last);
        }

        Pass(record, id, last);
    }

    private void Pass(ReadOnlySpan<byte> record, CaseId id, long time)
    {
        if (IsOver)
        {
            return;
        }

        if (schedule.Next(time) is not { } due || !sink.TryPut(record, id, due, over.Token))
        {
            IsOver = true;
            over.Cancel();
        }
    }
}
