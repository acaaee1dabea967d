using KpiStream.Engine.Reconciliation;

namespace KpiStream.Ingest.Host.Serving.SelfChecks;

/// <summary>
/// One reading of a log for a recount: decodes what lies within the bounds and shows it to the recount, and asks the source to stop behind their ends.
/// Owned by the flow of the source.
/// </summary>
/// <param name="recount">Gets the accepted events.</param>
/// <param name="isMarking">True the first time.</param>
/// <param name="decoder">For the source's form, with a code book of its own.</param>
/// <param name="bounds">What was handed over to the engine.</param>
/// <param name="throttle">Keeps it slow.</param>
/// <param name="ending">Cancelled when everything within the bounds was read.</param>
internal sealed class RecountPass(
    UnitDayRecount recount, bool isMarking, IEventDecoder decoder, StreamBounds bounds, RecountThrottle throttle, CancellationTokenSource ending) : IRecordSink
{
    private readonly Dictionary<int, (long First, long Last)> open = new(bounds.Parts);
    private readonly HashSet<int> begun = [];

    /// <summary>Records read within the bounds.</summary>
    public long Records { get; private set; }

    /// <summary>True when some part begins behind the first record that the engine was given of it.</summary>
    public bool BeginsLate { get; private set; }

    /// <summary>True when everything was read up to where the engine had come.</summary>
    public bool IsWhole => open.Count == 0;

    public void Accept(ReadOnlySpan<byte> record, SourcePosition position, long arrival)
    {
        if (IsWithin(position))
        {
            Records++;
            if (decoder.Decode(record, arrival, out var decoded).IsAccepted)
            {
                Show(in decoded);
            }
        }

        throttle.Step();
    }

    public void RejectTooLarge(SourcePosition position, long arrival, long length, ReadOnlySpan<byte> sha256) => IsWithin(position);

    private void Show(in CaseEvent accepted)
    {
        if (isMarking)
        {
            recount.Mark(in accepted);
        }
        else
        {
            recount.Keep(in accepted);
        }

        if (recount.IsTooLarge)
        {
            ending.Cancel();
        }
    }

    private bool IsWithin(SourcePosition position)
    {
        if (ending.IsCancellationRequested || !bounds.Parts.TryGetValue(position.Partition, out var part))
        {
            return false;
        }

        BeginsLate |= begun.Add(position.Partition) && position.Offset > part.First;
        if (position.Offset >= part.Last && open.Remove(position.Partition) && open.Count == 0)
        {
            ending.Cancel();
        }

        return position.Offset >= part.First && position.Offset <= part.Last;
    }
}
