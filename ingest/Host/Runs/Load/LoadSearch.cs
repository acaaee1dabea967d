namespace KpiStream.Ingest.Host.Runs.Load;

/// <summary>A rate that was tried, and what came of it.</summary>
/// <param name="Rate">Planned events a second.</param>
/// <param name="Sustained">What was reached, until all were applied.</param>
/// <param name="P99">The latency to applied, milliseconds.</param>
/// <param name="IsHeld">True where the backlog did not grow, everything arrived and was right.</param>
/// <param name="IsVoid">True where the sender fell behind by itself: it says nothing of the target.</param>
internal sealed record TriedRate(double Rate, double Sustained, double P99, bool IsHeld, bool IsVoid);

/// <summary>
/// Finds the highest rate that a target holds: doubles from a low one until it is not held, then halves the gap. Each rate is tried several times, and is held
/// where most of the tries that say something were. Pure: what a try comes to is asked for.
/// </summary>
/// <param name="tryRate">Tries a rate once; null to end the search.</param>
/// <param name="repeats">Tries of each rate, an odd number.</param>
/// <param name="precision">The search ends when the gap is less than this share of the rate held.</param>
internal sealed class LoadSearch(Func<double, Task<TriedRate?>> tryRate, int repeats, double precision)
{
    /// <summary>A rate is held where at least this share of it was reached.</summary>
    public const double LeastReached = 0.98;

    /// <summary>No more rates than this are looked at on the way up, each twice the one before.</summary>
    private const int MostDoublings = 30;

    /// <summary>Up to the knee the latency is at most this many times what it is when hardly anything happens.</summary>
    private const double KneeFactor = 10;

    private readonly List<TriedRate> tries = [];

    /// <summary>Every try, in order.</summary>
    public IReadOnlyList<TriedRate> Tries => tries;

    /// <summary>The highest rate held; 0 where none was.</summary>
    public double Held { get; private set; }

    /// <summary>The highest rate tried and held whose 99th percentile is still at most ten times that of the lowest rate; 0 where there is none.</summary>
    public double Knee
    {
        get
        {
            var curve = tries.Where(static one => one.IsHeld).GroupBy(static one => one.Rate).OrderBy(static same => same.Key)
                .Select(static same => (Rate: same.Key, P99: Median([.. same.Select(static one => one.P99)]))).ToList();
            return curve.Count == 0 ? 0 : curve.TakeWhile(point => point.P99 <= curve[0].P99 * KneeFactor).Last().Rate;
        }
    }

    /// <summary>Searches; false when it was ended, or no try said anything.</summary>
    public async Task<bool> RunAsync(double from)
    {
        var (low, high) = (0.0, from);
        for (var doubling = 0; doubling < MostDoublings; doubling++)
        {
            if (await IsHeldAsync(high) is not { } held)
            {
                return false;
            }

            if (!held)
            {
                break;
            }

            (low, high) = (high, high * 2);
            Held = low;
        }

        while (high - low > Math.Max(low, from / 100) * precision)
        {
            var middle = (low + high) / 2;
            if (await IsHeldAsync(middle) is not { } held)
            {
                return false;
            }

            (low, high) = held ? (middle, high) : (low, middle);
            Held = low;
        }

        return true;
    }

    /// <summary>Null when the search ends, or the machine could not even send at the rate: then nothing is known of the target.</summary>
    private async Task<bool?> IsHeldAsync(double rate)
    {
        var said = new List<TriedRate>();
        for (var turn = 0; turn < 2 * repeats && said.Count < repeats && !IsSettled(said); turn++)
        {
            if (await tryRate(rate) is not { } tried)
            {
                return null;
            }

            tries.Add(tried);
            if (!tried.IsVoid)
            {
                said.Add(tried);
            }
        }

        return said.Count == 0 ? null : said.Count(static one => one.IsHeld) * 2 > said.Count;
    }

    private bool IsSettled(List<TriedRate> said) =>
        said.Count(static one => one.IsHeld) > repeats / 2 || said.Count(static one => !one.IsHeld) > repeats / 2;

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return values[values.Length / 2];
    }
}
