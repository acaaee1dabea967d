using System.Globalization;
using KpiStream.Ingest.Sources.Recordings;

namespace KpiStream.Ingest.Host.Recording;

/// <summary>A line on standard error that says how far recording has come; silent when standard error is no terminal.</summary>
internal sealed class RecordProgress : IDisposable
{
    private static readonly TimeSpan Cadence = TimeSpan.FromMilliseconds(500);

    private readonly ITimer? timer;

    public RecordProgress(RecordingSink sink, RecordingWriter writer) => timer = Console.IsErrorRedirected ? null : TimeProvider.System.CreateTimer(
        _ => Console.Error.Write(string.Create(
            CultureInfo.InvariantCulture, $"\r{sink.Accepted:N0} events, {sink.Rejected:N0} rejected, {writer.Bytes / 1048576.0:N1} MB ")), null,
                Cadence, Cadence);

    public void Dispose()
    {
        if (timer is not null)
        {
            timer.Dispose();
            Console.Error.WriteLine();
        }
    }
}
