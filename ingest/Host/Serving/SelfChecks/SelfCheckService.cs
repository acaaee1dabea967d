using KpiStream.Engine.Alerts;
using KpiStream.Engine.Reconciliation;
using KpiStream.Ingest.Host.Serving.Alerts;

namespace KpiStream.Ingest.Host.Serving.SelfChecks;

/// <summary>
/// Has a server check itself for ever, once the past of the log has been read: a random unit's day, and between two of them again and again whatever differed
/// before, for a difference stands until the same day comes out equal. One flow runs it; anyone may ask what came out.
/// </summary>
/// <param name="check">Checks one unit's day.</param>
/// <param name="choice">Says which.</param>
/// <param name="every">From the end of one to the next.</param>
/// <param name="isReady">False while the past is being read.</param>
/// <param name="text">Names units.</param>
/// <param name="say">Told of an error in one sentence, and when it is over.</param>
internal sealed class SelfCheckService(
    SelfCheck check, UnitDayChoice choice, TimeSpan every, Func<bool> isReady, AlertText text, Action<string> say, TimeProvider time)
    : BackgroundService
{
    /// <summary>Figures that differ kept in mind; with one wrong day all of its figures may be.</summary>
    public const int MostStanding = 64;

    /// <summary>How often it is asked whether there is something to check yet.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private readonly Queue<UnitDay> again = [];
    private readonly List<SelfCheckResult> different = [];
    private volatile SelfCheckResult? last;
    private volatile SelfCheckResult? shown;
    private volatile IReadOnlyList<AlertReading> readings = [];
    private readonly StandingError error = new();

    public SelfCheckCounts Counts { get; } = new();

    /// <summary>The newest result; null before the first.</summary>
    public SelfCheckResult? Last => last;

    /// <summary>Figures found different, with what was shown for them last: an alert each until they have come out equal.</summary>
    public IReadOnlyList<AlertReading> Readings => readings;

    /// <summary>True while a figure found different has not come out equal since.</summary>
    public bool HasDifference => readings.Any(static reading => reading.Rule.Judge(in reading, 0) == Judgement.Met);

    /// <summary>
    /// For the board: the newest difference that stands, or else the newest result. Another day that comes out equal or cannot be read takes no difference
    /// away.
    /// </summary>
    public BoardSelfCheck ForBoard() => shown is not { } result ? BoardSelfCheck.Pending : new BoardSelfCheck(
        NameOf(result.Verdict), InstantText.ToLocalSeconds(result.At), result.Place.Unit, text.UnitName(result.Place.Unit),
        result.Place.Day.ToString("yyyy-MM-dd"),
        [.. result.Differences.Select(one => new BoardDifference(one.Figure, one.Denominator, one.Numerator, one.CountedDenominator, one.CountedNumerator))]);

    /// <summary>What a verdict is called on the board and in metrics.</summary>
    public static string NameOf(SelfCheckVerdict verdict) => verdict == SelfCheckVerdict.TooLarge ? "too_large" : verdict.ToString().ToLowerInvariant();

    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            for (var turn = 0; ; turn++)
            {
                if (!isReady() || await NextAsync(turn, stop) is not { } place)
                {
                    await Task.Delay(every < Patience ? every : Patience, time, stop);
                    continue;
                }

                Note(await check.RunAsync(place, stop));
                await Task.Delay(every, time, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked to stop; what was not finished is forgotten.
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => RunAsync(stoppingToken);

    internal void Note(SelfCheckResult result)
    {
        Counts.Add(result);
        Say(result);
        Remember(result);
        RememberDifferent(result);
        last = result;
        shown = different.Count > 0 ? different[^1] : result;
    }

    private async Task<UnitDay?> NextAsync(int turn, CancellationToken stop) =>
        turn % 2 == 1 && again.TryDequeue(out var differed) ? differed : await choice.NextAsync(stop);

    private void Remember(SelfCheckResult result)
    {
        if (result.Figures.Count == 0)
        {
            return;
        }

        var figures = result.Figures.ToDictionary(figure => figure.Figure);
        var kept = readings.Select(reading => IsOf(reading, result.Place) ? Reading(result.Place, figures[reading.Rule.Figure]) : reading).ToList();
        kept.AddRange(result.Differences.Select(figure => Reading(result.Place, figure))
            .Where(reading => kept.TrueForAll(known => known.Rule.Id != reading.Rule.Id || known.Unit != reading.Unit)));
        readings = [.. kept.TakeLast(MostStanding)];
        if (result.Differences.Any() && !again.Contains(result.Place) && again.Count < MostStanding)
        {
            again.Enqueue(result.Place);
        }
    }

    private void RememberDifferent(SelfCheckResult result)
    {
        if (result.Figures.Count > 0)
        {
            different.RemoveAll(known => known.Place == result.Place);
        }

        if (result.Differences.Any())
        {
            different.RemoveRange(0, Math.Max(0, different.Count - MostStanding + 1));
            different.Add(result);
        }
    }

    private static bool IsOf(AlertReading reading, UnitDay place) => reading.Unit == place.Unit && reading.Rule is SelfCheckRule rule && rule.Day == place.Day;

    private static AlertReading Reading(UnitDay place, CheckedFigure figure) => new(
        new SelfCheckRule
        {
            Figure = figure.Figure,
            Day = place.Day,
            CountedDenominator = figure.CountedDenominator,
            CountedNumerator = figure.CountedNumerator,
            CountedUnobserved = figure.CountedUnobserved
        },
        place.Unit, figure.Denominator, figure.Numerator, Target: null, HasData: true, figure.Unobserved);

    /// <summary>Differences are said every time, other errors when they change; that all is well is not.</summary>
    private void Say(SelfCheckResult result)
    {
        var isSaid = result.Error.Length > 0 ? error.Begins(result.Error) : error.Ends();
        if (result.Verdict == SelfCheckVerdict.Different)
        {
            say($"self-check: unit {result.Place.Unit} on {result.Place.Day:yyyy-MM-dd}: {string.Join(", ", result.Differences.Select(Describe))}. "
                + "Figures shown and log disagree: keep the log and the --state folder, start again with another --state folder, and report it.");
        }
        else if (isSaid)
        {
            say(!error.Stands ? "self-check: the log is counted again."
                : result.Figures.Count > 0 && result.Verdict == SelfCheckVerdict.Incomplete ? $"self-check: {result.Error}"
                : $"self-check: the log could not be counted again: {result.Error}");
        }
    }

    private static string Describe(CheckedFigure one) => string.Create(
        CultureInfo.InvariantCulture, $"{one.Figure} is shown as {Fraction(one.Numerator, one.Denominator)}{Unobserved(one.Unobserved)} and counted as "
            + $"{Fraction(one.CountedNumerator, one.CountedDenominator)}{Unobserved(one.CountedUnobserved)}");

    private static string Unobserved(long count) => count == 0 ? "" : $" with {count} unobserved";

    private static string Fraction(long? numerator, long denominator) =>
        $"{(numerator is { } some ? $"{some}/" : "")}{denominator}";
}
