using KpiStream.Ingest.Sources.Configuration.Loads;

namespace KpiStream.Ingest.Host.Runs.Load;

/// <summary>Reads what a source hands over and passes on what is to be sent. Records that are no events are sent as they are. Owned by one flow.</summary>
internal sealed class DecodingSink(LoadPlan plan, CopyWriter writer) : IFormSink
{
    private readonly EventReading reading = new(plan);

    public RecordForm Form { get; set; }

    public void Accept(ReadOnlySpan<byte> record, SourcePosition position, long arrival) => Accept(record, position, arrival, null);

    /// <summary>Takes a record whose time was settled when partitions were merged.</summary>
    public void Accept(ReadOnlySpan<byte> record, SourcePosition position, long arrival, long? settled)
    {
        if (reading.TryRead(record, Form, arrival, out var read, out var own))
        {
            writer.Write(record, Form, in read, reading.Codes, settled ?? own);
        }
        else if (Form == RecordForm.Events && reading.IsInRange(own))
        {
            writer.WriteOther(record, settled ?? own);
        }
    }

    /// <summary>Whether a record will be sent, and when it passes.</summary>
    public bool IsTaken(ReadOnlySpan<byte> record, RecordForm form, long arrival, out long time) =>
        reading.TryRead(record, form, arrival, out _, out time) || (form == RecordForm.Events && reading.IsInRange(time));

    public void RejectTooLarge(SourcePosition position, long arrival, long length, ReadOnlySpan<byte> sha256)
    {
        // What was never held cannot be sent.
    }

    /// <summary>The stream begins again.</summary>
    public void Restart() => reading.Restart();
}
