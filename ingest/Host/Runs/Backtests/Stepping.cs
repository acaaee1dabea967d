namespace KpiStream.Ingest.Host.Runs.Backtests;

/// <summary>Lets shards work on the calling thread (<see cref="EngineOptions.Stepped"/>).</summary>
internal static class Stepping
{
    /// <summary>Works until an answer is there.</summary>
    public static T Complete<T>(List<Func<bool>> steps, Task<T> asked)
    {
        while (!asked.IsCompleted)
        {
            var hasWorked = false;
            foreach (var step in steps)
            {
                hasWorked |= step();
            }

            if (!hasWorked && !asked.IsCompleted)
            {
                throw new InvalidOperationException("the shard has nothing to do and has not answered");
            }
        }

        return asked.GetAwaiter().GetResult();
    }

    /// <summary>Ends an engine: nothing else lets its shards work, not even to end.</summary>
    public static async Task StopAsync(List<Func<bool>> steps, StreamEngine engine)
    {
        var stopped = engine.StopAsync();
        while (steps.Exists(static step => step()))
        {
            // Until nothing is left.
        }

        await stopped;
    }
}
