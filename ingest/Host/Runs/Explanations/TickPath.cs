using KpiStream.Ingest.Host.Serving.Alerts;

namespace KpiStream.Ingest.Host.Runs.Explanations;

/// <summary>The ticks from an alert's first decision to its last, and those before at which pasts were read that it was judged by. Immutable.</summary>
internal sealed class TickPath
{
    private readonly Dictionary<long, AlertTick> byInstant = [];

    private TickPath(IReadOnlyList<AlertTick> ticks, IReadOnlyList<AlertTick> earlier, string obstacle)
    {
        (Ticks, All, Obstacle) = (ticks, [.. earlier, .. ticks], obstacle);
        foreach (var tick in All)
        {
            byInstant[tick.At] = tick;
        }

        var pasts = All.Select(static tick => tick.Past).OfType<long>().ToHashSet();
        Cuts = [.. All.Where(tick => tick.IsOfUnits || pasts.Contains(tick.At))];
    }

    /// <summary>Every tick from the first decision to the last, in the order in which they were judged.</summary>
    public IReadOnlyList<AlertTick> Ticks { get; }

    /// <summary>The same, behind the ticks before at which pasts were read.</summary>
    public IReadOnlyList<AlertTick> All { get; }

    /// <summary>Of them, those for which the log must be read up to a place.</summary>
    public IReadOnlyList<AlertTick> Cuts { get; }

    /// <summary>Why the path is not known; empty where it is.</summary>
    public string Obstacle { get; }

    /// <summary>The tick of an instant; null where there is none.</summary>
    public AlertTick? At(long instant) => byInstant.GetValueOrDefault(instant);

    /// <param name="ticks">All ticks there are, as they were judged.</param>
    /// <param name="first">The alert's first decision that is kept.</param>
    /// <param name="last">The instant of its last decision.</param>
    public static TickPath Of(IEnumerable<AlertTick> ticks, AlertHistoryEntry first, long last)
    {
        var (path, before, ended) = (new List<AlertTick>(), new Dictionary<long, AlertTick>(), false);
        foreach (var tick in ticks)
        {
            if (path.Count == 0 && tick.At != first.At)
            {
                if (tick.Past == tick.At)
                {
                    before.Clear(); // pasts hold until the next ones are read
                    before[tick.At] = tick;
                }

                continue;
            }

            path.Add(tick);
            if (tick.At == last)
            {
                ended = true;
                break;
            }
        }

        var wanted = path.Select(static tick => tick.Past).OfType<long>().Where(at => path.TrueForAll(tick => tick.At != at)).Distinct().ToList();
        var obstacle = first.At != first.PendingSince ? "the history does not hold its beginning any more"
            : path.Count == 0 || !ended ? "not recorded: it was decided before ticks were kept, or they are not kept any more"
            : path.Exists(static tick => tick.After == AlertTick.Unknown) ? "not recorded: part of it was decided by an earlier version, which kept no ticks"
            : wanted.Exists(at => !before.ContainsKey(at)) ? "not recorded: the tick at which the pasts of units were read is not kept any more"
            : "";
        return new TickPath(path, [.. before.Values.Where(tick => wanted.Contains(tick.At))], obstacle);
    }
}
