using System.Diagnostics.Tracing;

namespace KpiStream.Ingest.Host.Reports;

/// <summary>Listens to the runtime for the longest pause a collection caused.</summary>
internal sealed class GcPauses : EventListener
{
    private const string Runtime = "Microsoft-Windows-DotNETRuntime";
    private const EventKeywords Collections = (EventKeywords)1;

    private DateTime suspendedAt;

    /// <summary>The longest time from suspending to restarting all threads.</summary>
    public TimeSpan Longest { get; private set; }

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == Runtime)
        {
            EnableEvents(eventSource, EventLevel.Informational, Collections);
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventName?.StartsWith("GCSuspendEEBegin", StringComparison.Ordinal) == true)
        {
            suspendedAt = eventData.TimeStamp;
        }
        else if (suspendedAt != default && eventData.EventName?.StartsWith("GCRestartEEEnd", StringComparison.Ordinal) == true)
        {
            var pause = eventData.TimeStamp - suspendedAt;
            Longest = pause > Longest ? pause : Longest;
            suspendedAt = default;
        }
    }
}
