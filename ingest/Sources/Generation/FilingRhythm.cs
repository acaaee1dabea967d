using KpiStream.Ingest.Sources.Configuration.Rules;

namespace KpiStream.Ingest.Sources.Generation;

/// <summary>
/// How many cases are filed in each minute: peaks at 8 to 10 and 14 to 15 o'clock, a quiet noon, a trickle from home at night
/// and on free days, busy Mondays, and the slow first weeks after the rollout. Whole numbers only.
/// </summary>
/// <param name="casesPerDay">Cases of an ordinary working day, at least 1.</param>
internal sealed class FilingRhythm(long casesPerDay)
{
    public const long MillisPerMinute = 60_000;
    private const int MinutesPerHalfHour = 30;
    private const long Parts = 1_000_000;
    private const int MondayShape = 4; // day 0, 1 January 1970, was a Thursday

    /// <summary>Working days until the new offices were fully used: nation-wide figures of July 2025 grew for about two weeks.</summary>
    private const int RampDays = 14;

    private static readonly int RolloutDay = LocalTime.DayOf(GenerateOptions.DefaultStart);

    /// <summary>Weights of the half hours of a working day.</summary>
    private static readonly int[] Working =
    [
        2, 1, 1, 1, 1, 1, 1, 1, 1, 2, 3, 5, 8, 12, 35, 70, 110, 120, 115, 105, 80, 70, 55, 20,
        12, 10, 12, 55, 105, 110, 85, 75, 55, 40, 20, 12, 10, 10, 12, 14, 15, 14, 12, 10, 7, 5, 4, 3,
    ];

    /// <summary>And of free days: people at home, and Saturday-morning counters.</summary>
    private static readonly int[] Free =
    [
        1, 1, 1, 0, 0, 0, 0, 0, 1, 1, 1, 2, 3, 4, 5, 7, 9, 10, 10, 10, 9, 8, 7, 5,
        4, 4, 4, 5, 6, 7, 7, 6, 6, 5, 5, 5, 5, 6, 7, 8, 8, 8, 7, 6, 5, 4, 3, 2,
    ];

    private static readonly long WeightOfWorkingDay = Working.Sum(weight => (long)weight) * MinutesPerHalfHour;

    /// <summary>Cases filed in the minute that begins at an instant.</summary>
    public int Draw(long minute, ref SeededRandom random)
    {
        var day = LocalTime.DayOf(minute);
        var halfHour = (int)((minute - LocalTime.StartOfDay(day)) / (MinutesPerHalfHour * MillisPerMinute));
        var weight = (Shipped.Calendar.IsWorkingDay(day) ? Working : Free)[halfHour];
        var parts = casesPerDay * Parts / WeightOfWorkingDay * weight;
        parts = parts * RampPercent(day) / 100 * (day % 7 == MondayShape ? 120 : 97) / 100;

        // Up and down by half from minute to minute, as queues come and go; the mean stays.
        parts = parts * random.Between(50, 150) / 100;
        return (int)((parts / Parts) + (random.Below(Parts) < parts % Parts ? 1 : 0));
    }

    private static int RampPercent(int day)
    {
        var since = day - RolloutDay;
        return since is < 0 or >= RampDays ? 100 : 60 + (40 * since / RampDays);
    }
}
