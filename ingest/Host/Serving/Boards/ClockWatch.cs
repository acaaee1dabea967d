using KpiStream.Ingest.Host.Serving.Alerts;

namespace KpiStream.Ingest.Host.Serving.Boards;

/// <summary>Says which clocks are wrong: this machine's when it was put back, and those of sources that run ahead. Owned by the publisher.</summary>
/// <param name="intake">Whose sources.</param>
/// <param name="warn">Told in English, once each time.</param>
internal sealed class ClockWatch(Intake intake, Action<string> warn)
{
    /// <summary>A lead that is worth a word; less is how exactly clocks are set.</summary>
    public const long LeastLeadMillis = 30_000;

    /// <summary>How long the board says that the clock was put back.</summary>
    private const long ShownMillis = 3_600_000;

    private const int MostSources = 3;

    private readonly HashSet<string> told = [];
    private long times;

    /// <summary>What the board is to say, in Vietnamese.</summary>
    /// <param name="setBack">What became of this machine's clock.</param>
    /// <param name="now">Milliseconds since 1970 UTC.</param>
    public IReadOnlyList<string> Notes(ClockSetBack setBack, long now)
    {
        var notes = new List<string>();
        if (setBack.Times > times)
        {
            times = setBack.Times;
            warn(string.Create(
                CultureInfo.InvariantCulture,
                $"The wall clock was put back by {(setBack.From - setBack.To) / 1_000.0:0.0} s: windows and gauges were derived again from the cases. "
                    + $"See to the time service of this machine."));
        }

        if (setBack.Times > 0 && now >= setBack.To && now - setBack.To < ShownMillis)
        {
            notes.Add($"đồng hồ máy chủ bị lùi {VietnameseText.Duration(setBack.From - setBack.To)} lúc {VietnameseText.Hour(setBack.To)}, "
                + $"số liệu đã "
                + $"tính lại");
        }

        var ahead = intake.ClocksAhead(now, LeastLeadMillis);
        notes.AddRange(ahead.Take(MostSources).Select(one => $"đồng hồ nguồn {one.Source} nhanh {VietnameseText.Duration(one.Lead)}"));
        Tell(ahead);
        return notes;
    }

    private void Tell(IReadOnlyList<(string Source, long Lead)> ahead)
    {
        foreach (var (source, lead) in ahead.Take(MostSources).Where(one => told.Add(one.Source)))
        {
            warn(string.Create(CultureInfo.InvariantCulture, $"The clock of source '{source}' is {lead / 1_000.0:0} s ahead of when its events "
                + $"arrive: have it set right, for lateness and data time rest on it."));
        }

        told.IntersectWith(ahead.Select(one => one.Source));
    }
}
