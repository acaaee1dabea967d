using KpiStream.Engine.Alerts.Statistics;

namespace KpiStream.Engine.Alerts;

/// <summary>
/// What a source has stated on its newest days, and which keys it states no longer. Decided by exact binomial tails: a key surely was in four of five events
/// or more, and surely is in one of five or less. Immutable.
/// </summary>
/// <param name="Days">Days with events, ascending.</param>
/// <param name="Calendar">The working days.</param>
public sealed record KeyHistory(IReadOnlyList<DayKeys> Days, WorkingCalendar Calendar)
{
    /// <summary>A share of events above which a key is usual.</summary>
    public const double UsualShare = 0.8;

    /// <summary>A share of events below which hardly any state a key.</summary>
    public const double HardlyAny = 0.2;

    /// <summary>How improbable the counts of before must be for a key that is not usual.</summary>
    private const double UsualTail = 0.001;

    /// <summary>
    /// How improbable the counts of now must be for a key that more than <see cref="HardlyAny"/> state: 30 keys of 64 sources are judged every day. No event of
    /// 62 is enough.
    /// </summary>
    private const double DropTail = 1e-6;

    /// <summary>It is stated again where so few would not be improbable if half the events did.</summary>
    private const double AgainTail = 0.3;

    /// <summary>A week of days with events: fewer say too little of what is usual.</summary>
    private const int LeastDays = 5;

    /// <summary>
    /// A day is judged by this share of the usual number of events or more. A job at night that states little makes a fifth of the events of a usual key at
    /// most; with less than a day's part of others beside it, it would look like a change.
    /// </summary>
    private const double LeastOfDay = 0.25;

    /// <summary>Office time of the day that must have passed: then what a job sent at night is not all there is.</summary>
    private const long LeastOpenMillis = 3 * 3_600_000L;

    private (int Today, IReadOnlyList<DroppedKey> Dropped, bool IsUnsure)? found;

    /// <summary>
    /// The keys that hardly any event states since a day not long ago, as of the newest day with enough events; none while too little is known.
    /// </summary>
    /// <param name="today">The local day of now: later days are the clocks of others.</param>
    public IReadOnlyList<DroppedKey> Dropped(int today) => Find(today).Dropped;

    /// <summary>Judges the day of now.</summary>
    /// <param name="now">Milliseconds since 1970 UTC.</param>
    public Judgement Judge(long now)
    {
        var today = LocalTime.DayOf(now);
        var open = Calendar.IsOpen(now) ? Calendar.WorkingMillis(LocalTime.StartOfDay(today), now) : 0;
        if (open < LeastOpenMillis || NewestOf(today) is not { } newest || Days[newest].Day != today)
        {
            return Judgement.Between;
        }

        var (_, dropped, isUnsure) = Find(today);
        return dropped.Count > 0 ? Judgement.Met : isUnsure ? Judgement.Between : Judgement.Clear;
    }

    private (int Today, IReadOnlyList<DroppedKey> Dropped, bool IsUnsure) Find(int today)
    {
        if (found is { } known && known.Today == today)
        {
            return known;
        }

        var (dropped, isUnsure) = (new List<DroppedKey>(), false);
        if (NewestOf(today) is { } newest)
        {
            for (var key = 0; key < CaseKeys.Count; key++)
            {
                if (((CaseKeys.Registers & ~CaseKeys.Required) >> key & 1) != 0 && Compare(key, newest) is { } compared)
                {
                    dropped.AddRange(compared.Chance <= DropTail ? [compared] : []);
                    isUnsure |= compared.Chance > DropTail && Tails.BinomialAtMost(On(newest, key), Days[newest].Events, 0.5) < AgainTail;
                }
            }
        }

        found = (today, dropped, isUnsure);
        return found.Value;
    }

    /// <summary>The newest day up to today with enough events, by its place.</summary>
    private int? NewestOf(int today)
    {
        for (var place = Days.Count - 1; place >= LeastDays; place--)
        {
            if (Days[place].Day <= today && Days[place].Events >= LeastOfDay * Days.Take(place).Average(static day => day.Events))
            {
                return place;
            }
        }

        return null;
    }

    /// <summary>A key before and since; null where it was not usual, or half the events of the newest day state it.</summary>
    private DroppedKey? Compare(int key, int newest)
    {
        if (2 * On(newest, key) >= Days[newest].Events)
        {
            return null;
        }

        var first = newest;
        while (first > 0 && On(first - 1, key) <= HardlyAny * Days[first - 1].Events && On(newest, key) <= HardlyAny * Days[newest].Events)
        {
            first--;
        }

        var (statedBefore, before) = Sum(key, 0, first);
        if (first < LeastDays || statedBefore < UsualShare * before || Tails.BinomialAtMost(before - statedBefore, before, 1 - UsualShare) > UsualTail)
        {
            return null;
        }

        var (stated, since) = Sum(key, first, newest + 1);
        return new DroppedKey(
            CaseKeys.NameOf((CaseKey)key), statedBefore, before, stated, since, Days[first].Day, Tails.BinomialAtMost(stated, since, HardlyAny));
    }

    private long On(int place, int key) => Days[place].Counts[key];

    private (long Stated, long Events) Sum(int key, int from, int to)
    {
        var (stated, events) = (0L, 0L);
        for (var place = from; place < to; place++)
        {
            (stated, events) = (stated + On(place, key), events + Days[place].Events);
        }

        return (stated, events);
    }

    public bool Equals(KeyHistory? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}

/// <summary>A key that a source used to state.</summary>
/// <param name="Key">Its name on the wire.</param>
/// <param name="StatedBefore">Events that stated it on the days before.</param>
/// <param name="EventsBefore">All events of those days.</param>
/// <param name="Stated">Events that state it since.</param>
/// <param name="Events">All events since.</param>
/// <param name="Since">The local day since which hardly any does.</param>
/// <param name="Chance">The probability of so few or fewer where one event of five states it.</param>
public sealed record DroppedKey(string Key, long StatedBefore, long EventsBefore, long Stated, long Events, int Since, double Chance)
{
    /// <summary>The share of events that stated it, 0–1.</summary>
    public double ShareBefore => (double)StatedBefore / Math.Max(1, EventsBefore);

    /// <summary>The share that states it now, 0–1.</summary>
    public double Share => (double)Stated / Math.Max(1, Events);
}
