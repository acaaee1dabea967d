using System.Text.Json;

namespace KpiStream.Tests.Support;

/// <summary>
/// How many managed bytes an event may cost, by name, from <c>bench/budgets.json</c>. A budget is exact: the allocations of one thread
/// over many events divided by their number, so 0 means not one byte in the whole run.
/// </summary>
public static class AllocationBudgets
{
    private static readonly Dictionary<string, double> Budgets = Read();

    public static IReadOnlyCollection<string> Names => Budgets.Keys;

    /// <summary>Runs the work twice, to warm up and to measure, and says how far it is over its budget.</summary>
    /// <param name="name">A name of the budget file.</param>
    /// <param name="events">How many events one call of <paramref name="work"/> handles.</param>
    /// <param name="work">Handles the events on the calling thread; work on other threads is not measured.</param>
    /// <returns>Null when the budget is kept; otherwise what to tell the reader.</returns>
    public static string? Check(string name, int events, Action work)
    {
        if (!Budgets.TryGetValue(name, out var allowed))
        {
            return $"bench/budgets.json has no budget named {name}";
        }

        work();

        // A collection that other tests cause takes the rest of this thread's buffer away, 8 KB at most, and it counts as allocated; it does not come twice.
        return Judge(name, Measure(work), events, allowed) is null ? null : Judge(name, Measure(work), events, allowed);
    }

    private static long Measure(Action work)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        work();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    /// <summary>Says of allocations measured elsewhere how far they are over a budget; the answer is that of <see cref="Check"/>.</summary>
    public static string? Judge(string name, long allocated, int events) => Budgets.TryGetValue(name, out var allowed)
        ? Judge(name, allocated, events, allowed)
        : $"bench/budgets.json has no budget named {name}";

    /// <summary>The rule itself, on numbers.</summary>
    public static string? Judge(string name, long allocated, int events, double allowed) => allocated <= allowed * events
        ? null
        : $"{name}: {allocated} bytes for {events} events are {allocated / (double)events:0.###} bytes per event, "
            + $"{(allocated / (double)events) - allowed:0.###} over the budget of {allowed} (bench/budgets.json)";

    private static Dictionary<string, double> Read()
    {
        using var file = File.OpenRead(RepositoryRoot.File("bench/budgets.json"));
        return JsonSerializer.Deserialize<Dictionary<string, double>>(file) ?? throw new InvalidOperationException("bench/budgets.json is empty");
    }
}
