using System.Globalization;
using KpiStream.Engine.Pipeline;
using KpiStream.Ingest.Sources.Files;

namespace KpiStream.Ingest.Host.Replaying;

/// <summary>A line on standard error that says how far a long run has come; silent when standard error is no terminal.</summary>
internal sealed class ProgressLine : IDisposable
{
    private static readonly TimeSpan Cadence = TimeSpan.FromMilliseconds(500);

    private readonly IntakeCounts counts;
    private readonly ReadProgress? bytes;
    private readonly ITimer? timer;
    private bool wrote;

    private ProgressLine(IntakeCounts counts, ReadProgress? bytes)
    {
        this.counts = counts;
        this.bytes = bytes;
        timer = Console.IsErrorRedirected ? null : TimeProvider.System.CreateTimer(_ => Write(), null, Cadence, Cadence);
    }

    public static ProgressLine Start(IntakeCounts counts, ReadProgress? bytes) => new(counts, bytes);

    /// <summary>Leaves the line, so that what is written next starts on its own.</summary>
    public void Finish()
    {
        timer?.Dispose();
        if (wrote)
        {
            Console.Error.WriteLine();
        }
    }

    public void Dispose() => timer?.Dispose();

    private void Write()
    {
        var share = bytes is { TotalBytes: > 0 } ? string.Create(CultureInfo.InvariantCulture, $"{100.0 * bytes.BytesRead / bytes.TotalBytes:0} %, ") : "";
        Console.Error.Write(string.Create(CultureInfo.InvariantCulture, $"\r{share}{counts.Events:N0} events, {counts.Rejected:N0} rejected "));
        wrote = true;
    }
}
