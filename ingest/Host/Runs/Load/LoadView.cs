using KpiStream.Ingest.Sources.Configuration.Loads;

namespace KpiStream.Ingest.Host.Runs.Load;

/// <summary>What is seen of a run while it runs, on standard error. Told by the run's flows, one at a time.</summary>
internal abstract class LoadView : IDisposable
{
    /// <summary>The view that suits: one that is drawn over itself where somebody watches, otherwise a line a second.</summary>
    public static LoadView Of(LoadPlan plan) => Terminal.IsUnwatched ? new LineView(plan, Terminal.Note) : TerminalView.OnStandardError(plan);

    /// <summary>The target is ready.</summary>
    public abstract void Open(Uri address);

    /// <summary>A second has passed.</summary>
    public abstract void Show(LoadSample sample);

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Leaves what was seen last, so that what is written next starts on its own.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }

    /// <summary>Where the board is, as a browser takes it.</summary>
    protected static string BoardAt(Uri address) => new Uri(address, "/board").ToString().Replace("127.0.0.1", "localhost");
}

/// <summary>A line a second.</summary>
internal sealed class LineView : LoadView
{
    private readonly Action<string> note;

    public LineView(LoadPlan plan, Action<string> note)
    {
        this.note = note;
        note($"{plan.Name}: preparing");
    }

    public override void Open(Uri address) => note($"board: {BoardAt(address)}");

    public override void Show(LoadSample sample)
    {
        var applied = sample.Latencies.GetValueOrDefault("applied");
        var received = sample.Latencies.GetValueOrDefault("received");
        note($"{sample.At,7:0.0} s  sent {sample.SentPerS,9:N0}/s  applied {sample.AppliedPerS,9:N0}/s  waiting {sample.Lag,8:N0}  "
            + $"applied p99 {applied?[1] ?? 0:0.0} ms  received p99 {received?[1] ?? 0:0} ms  {sample.MemoryMb:0} MB");
    }
}
