namespace KpiStream.Ingest.Host.Output;

/// <summary>A line on standard error that says how far a long run has come; silent when standard error is no terminal.</summary>
internal sealed class ProgressLine : IDisposable
{
    private static readonly TimeSpan Cadence = TimeSpan.FromMilliseconds(500);

    private readonly ITimer? timer;
    private bool wrote;

    /// <param name="text">What the line says now; asked on a thread of the timer.</param>
    public ProgressLine(Func<string> text) => timer = Terminal.IsUnwatched ? null : TimeProvider.System.CreateTimer(_ =>
    {
        Terminal.Progress($"\r{text()} ");
        wrote = true;
    }, null, Cadence, Cadence);

    /// <summary>Leaves the line, so that what is written next starts on its own.</summary>
    public void Dispose()
    {
        timer?.Dispose();
        if (wrote)
        {
            Terminal.Note("");
            wrote = false;
        }
    }
}
