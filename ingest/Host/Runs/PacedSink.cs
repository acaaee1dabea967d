namespace KpiStream.Ingest.Host.Runs;

/// <summary>
/// Lets a recorded stream pass at a multiple of its own pace: an event that arrived (or, where no arrival is known, whose <c>at</c> lies) an hour
/// after the first waits an hour divided by the factor. Late events pass at once. Owned by the source's flow.
/// </summary>
internal sealed class PacedSink(Intake intake, double factor, TimeProvider time, CancellationToken stop) : ForwardingSink(intake)
{
    private readonly long started = time.GetTimestamp();
    private long first = long.MinValue;

    public override void Accept(ReadOnlySpan<byte> record, SourcePosition position, long arrival)
    {
        intake.Accept(record, position, arrival);
        if (intake.Counts.Accepted > 0)
        {
            first = first == long.MinValue ? intake.Counts.Now : first;
            Wait((intake.Counts.Now - first) / factor);
        }
    }

    private void Wait(double dueMillis)
    {
        var ahead = dueMillis - time.GetElapsedTime(started).TotalMilliseconds;
        if (ahead >= 1 && !stop.IsCancellationRequested)
        {
            intake.Flush();
            stop.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(Math.Min(ahead, int.MaxValue)));
        }
    }
}
