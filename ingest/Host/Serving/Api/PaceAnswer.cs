namespace KpiStream.Ingest.Host.Serving.Api;

/// <summary>Which communes hardly see cases: <c>GET /api/v1/pace</c>. Each is compared with itself, see <see cref="PaceDays"/>.</summary>
/// <param name="Now">The instant it is of, local time to the second.</param>
/// <param name="Kpi">The figure counted, that of the low-volume rule.</param>
/// <param name="RecentFrom">The first of the recent days; they end yesterday. A unit with a calendar of its own goes by its own working days.</param>
/// <param name="BaseFrom">The first day of the time before, by which is said what is usual.</param>
/// <param name="BaseTo">Its last day.</param>
/// <param name="BaseDays">Its working days; fewer than <see cref="PaceDays.LeastBaseDays"/> say nothing.</param>
/// <param name="LeastExpected">Where fewer than that are usual, nothing is said.</param>
/// <param name="Units">Communes in the directory's order.</param>
internal sealed record PaceAnswer(
    string Now, string Kpi, int RecentDays, DateOnly RecentFrom, DateOnly RecentTo, DateOnly BaseFrom, DateOnly BaseTo, int BaseDays, int LeastExpected,
    IReadOnlyList<UnitPace> Units)
{
    /// <summary>How far back the latest case is looked for, days.</summary>
    public const int MostDaysBack = 400;

    /// <summary>Counts the communes at or below a unit.</summary>
    public static async Task<PaceAnswer> ReadAsync(StreamEngine engine, CompiledFigure figure, string top, UnitCalendars calendars, long now)
    {
        now = await engine.MoveToAsync(now, CancellationToken.None);
        var today = LocalTime.DayOf(now);
        var first = today - MostDaysBack;
        var shards = await engine.AskAsync(
            state =>
            {
                state.Ledger.AdvanceTo(now);
                return (Counts: DailyCounts.Of(state.Ledger.Figures, figure, first, today), state.Stream.Copy().Days);
            },
            CancellationToken.None);
        var observed = new ObservedDays();
        var cases = new Dictionary<string, int[]>();
        foreach (var shard in shards)
        {
            observed.Add(shard.Days);
            foreach (var (unit, counts) in shard.Counts)
            {
                Add(cases, engine.Options.Codes.Units.Text(unit), counts);
            }
        }

        var directory = engine.Options.Directory;
        var days = PaceDays.Before(today, calendars.Common, observed.FirstCovered());
        PaceDays DaysOf(string unit) =>
            calendars.Of(unit) is var own && ReferenceEquals(own, calendars.Common) ? days : PaceDays.Before(today, own, observed.FirstCovered());
        return new PaceAnswer(
            InstantText.ToLocalSeconds(now), figure.Definition.Id, PaceDays.RecentDays, LocalTime.DateOf(days.RecentFrom), LocalTime.DateOf(days.RecentTo),
            LocalTime.DateOf(days.BaseFrom), LocalTime.DateOf(days.BaseEnd - 1), days.BaseDays, PaceDays.LeastExpected,
            [.. directory.Rows.Where(row => row.IsCommune && directory.IsShownAtZero(row) && directory.IsAtOrBelow(row.Code, top))
                .Select(row => UnitPace.Of(row, cases.GetValueOrDefault(row.Code) ?? new int[MostDaysBack + 1], first, DaysOf(row.Code), today))]);
    }

    private static void Add(Dictionary<string, int[]> cases, string unit, int[] counts)
    {
        if (cases.TryAdd(unit, counts))
        {
            return;
        }

        foreach (var (day, count) in counts.Index())
        {
            cases[unit][day] += count;
        }
    }
}

/// <summary>One commune.</summary>
/// <param name="Last">The local day of its latest case; null when there is none within <see cref="PaceAnswer.MostDaysBack"/> days.</param>
/// <param name="DaysSince">Days from then to today.</param>
/// <param name="Recent">Cases of the recent days.</param>
/// <param name="Expected">What is usual in as many working days; null when too little is known.</param>
/// <param name="Month">Cases since the first of this month.</param>
internal sealed record UnitPace(
    string Code, string Name, string Kind, DateOnly? Last, int? DaysSince, long Recent, double? Expected, long Month, PaceState State)
{
    /// <param name="cases">By day from the first on.</param>
    public static UnitPace Of(UnitRow row, int[] cases, int first, PaceDays days, int today)
    {
        long Sum(int from, int to) => cases.AsSpan(Math.Max(0, from - first)..Math.Max(0, to - first)).ToArray().Sum(static count => (long)count);

        var last = Array.FindLastIndex(cases, static count => count > 0);
        var recent = Sum(days.RecentFrom, days.RecentTo + 1);
        var expected = days.Expected(Sum(days.BaseFrom, days.BaseEnd));
        return new UnitPace(
            row.Code, row.Name, row.Kind, last < 0 ? null : LocalTime.DateOf(first + last), last < 0 ? null : today - first - last, recent, expected,
            Sum(today - LocalTime.DateOf(today).Day + 1, today + 1), PaceDays.StateOf(recent, expected));
    }
}
