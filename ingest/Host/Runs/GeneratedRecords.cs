using KpiStream.Ingest.Sources.Generation;
using KpiStream.Ingest.Sources.Loads;

namespace KpiStream.Ingest.Host.Runs;

/// <summary>A generated stream in one of the forms that events come in. Owned by the flow that writes it.</summary>
/// <param name="pace">When each record is written; null for as fast as it can be.</param>
/// <param name="format">The form; a hostile event that has no MessagePack form stays the line it is.</param>
internal sealed class GeneratedRecords(GeneratedStream stream, GenerateFormat format, LoadPace? pace = null)
{
    private readonly LoadSchedule? schedule = pace is null ? null : new LoadSchedule(pace);
    private readonly LoadClock clock = new();
    private readonly EventPacker packer = new(format == GenerateFormat.Compact ? PackedForm.Compact : PackedForm.Map);

    public GeneratedStream Stream => stream;

    /// <summary>True where records are lines and need their ends.</summary>
    public bool AreLines => format == GenerateFormat.Json;

    /// <summary>Moves to the next record and waits until it is due; false at the end, and when told to stop.</summary>
    /// <param name="flush">Passes on what was written: the next record is not due yet.</param>
    public bool MoveNext(Action flush, CancellationToken stop)
    {
        if (stop.IsCancellationRequested || !stream.MoveNext())
        {
            return false;
        }

        if (schedule?.Next(stream.Arrival) is { } due && due > clock.Now)
        {
            flush();
            clock.WaitUntil(due, stop);
        }

        return !stop.IsCancellationRequested;
    }

    /// <summary>The record's bytes, without any line's end; valid until the next one.</summary>
    public ReadOnlySpan<byte> Current => !AreLines && packer.TryPack(stream.Line, out var packed) ? packed : stream.Line;
}
