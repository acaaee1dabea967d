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
    /// <summary>Gaps noted; with more of them the last one is widened.</summary>
    private const int MostMissing = 100;

    private readonly HashSet<int> begun = [];
    private readonly Dictionary<int, long> next = [];
    private readonly List<(long From, long To)> missing = [];

    /// <summary>Records read within the bounds.</summary>
    public long Records { get; private set; }

    /// <summary>True when some part begins behind the first record that the engine was given of it.</summary>
    public bool BeginsLate { get; private set; }

    /// <summary>
    /// Of a log without gaps, positions that were read before the start and are not there any more: from the first to the one behind the last. To be asked at
    /// the end.
    /// </summary>
    public IReadOnlyList<(long From, long To)> MissingBefore
    {
        get
        {
            foreach (var part in bounds.Parts.Keys)
            {
                NoteMissing(part, long.MaxValue);
            }

            return missing;
        }
    }

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

        NoteMissing(position.Partition, position.Offset);
        BeginsLate |= begun.Add(position.Partition) && position.Offset > part.First;
        if (position.Offset >= part.Last && open.Remove(position.Partition) && open.Count == 0)
        {
            ending.Cancel();
        }

        return position.Offset >= part.First && position.Offset <= part.Last;
    }

    private void NoteMissing(int part, long offset)
    {
        if (bounds.LastBefore(part) is not { } last)
        {
            return;
        }

        var expected = next.GetValueOrDefault(part, bounds.Parts[part].First);
        var to = Math.Min(offset, last + 1);
        if (to > expected)
        {
            if (missing.Count == MostMissing)
            {
                (expected, _) = missing[^1];
                missing.RemoveAt(missing.Count - 1);
            }

            missing.Add((expected, to));
        }

        next[part] = Math.Max(expected, offset == long.MaxValue ? to : offset + 1);
    }
}
