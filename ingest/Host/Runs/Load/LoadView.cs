using KpiStream.Ingest.Sources.Configuration.Loads;

namespace KpiStream.Ingest.Host.Runs.Load;

/// <summary>What is seen of a run while it runs: a line a second where standard error is no terminal.</summary>
internal class LoadView : IDisposable
{
    /// <summary>The view that suits where standard error goes.</summary>
    public static LoadView Of(LoadPlan plan)
    {
        var view = new LoadView();
        Terminal.Note($"{plan.Name}: preparing");
        return view;
    }

    /// <summary>The target is ready.</summary>
    public virtual void Open(Uri address) => Terminal.Note($"board: {new Uri(address, "/board").ToString().Replace("127.0.0.1", "localhost")}");

    public virtual void Show(LoadSample sample)
    {
        var applied = sample.Latencies.GetValueOrDefault("applied");
        var received = sample.Latencies.GetValueOrDefault("received");
        Terminal.Note($"{sample.At,7:0.0} s  sent {sample.SentPerS,9:N0}/s  applied {sample.AppliedPerS,9:N0}/s  waiting {sample.Lag,8:N0}  "
            + $"applied p99 {applied?[1] ?? 0:0.0} ms  received p99 {received?[1] ?? 0:0} ms  {sample.MemoryMb:0} MB");
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
    }
}
