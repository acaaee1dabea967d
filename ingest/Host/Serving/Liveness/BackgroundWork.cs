using System.Collections.Concurrent;

namespace KpiStream.Ingest.Host.Serving.Liveness;

/// <summary>
/// What runs beside the source for as long as <c>serve</c> does. One of them that has ended before it was told to is a failure that nothing else shows:
/// readiness
/// and a metric say it, and the log says why. Any thread may add and ask.
/// </summary>
/// <param name="say">Told why work has failed.</param>
internal sealed class BackgroundWork(Action<string> say)
{
    private readonly ConcurrentDictionary<string, Task> running = [];

    /// <summary>Their names, in order, and whether each still runs.</summary>
    public IReadOnlyList<(string Name, bool Runs)> All =>
        [.. running.ToArray().OrderBy(static one => one.Key).Select(static one => (one.Key, !one.Value.IsCompleted))];

    /// <summary>The first that has ended, as a sentence; null while all run.</summary>
    public string? Failure => All.Where(static one => !one.Runs).Select(static one => $"{one.Name} has stopped working: read the log, and start serve again")
        .FirstOrDefault();

    /// <summary>Watches work that is to run to the end; null is no work.</summary>
    public void Add(string name, Task? work)
    {
        if (work is null)
        {
            return;
        }

        running[name] = work;
        _ = work.ContinueWith(
            ended => say($"{name} has failed: {ended.Exception!.GetBaseException().GetType().Name}: {ended.Exception.GetBaseException().Message} This "
                + $"is a bug; start serve again."),
            CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }
}
