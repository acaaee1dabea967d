using KpiStream.Engine.Alerts;

namespace KpiStream.Engine.Boards;

/// <summary>How many alerts a board has, by state. A frame lists a bounded number of them, to stay small whatever fires; the API has all.</summary>
public sealed record BoardAlertCounts(int Firing, int Resolving, int Pending, int Resolved)
{
    /// <summary>The most alerts in a frame: more than one for each row of a province's board.</summary>
    public const int MostListed = 200;

    private static readonly string[] States = ["firing", "resolving", "pending", "resolved"];

    /// <summary>
    /// The alerts to list, and how many there are where that is not all of them. First those of the board's own rows and of sources, which colour the board;
    /// low volume, which the board lists by itself, last; then by state, and the newest first.
    /// </summary>
    /// <param name="below">True for a unit that is below one of the board's rows.</param>
    public static (IReadOnlyList<BoardAlert> Listed, BoardAlertCounts? Counts) Cut(IReadOnlyList<BoardAlert> alerts, Func<string, bool> below)
    {
        if (alerts.Count <= MostListed)
        {
            return (alerts, null);
        }

        int Of(string state) => alerts.Count(alert => alert.State == state);
        return ([.. alerts.OrderBy(alert => alert.Kind == AlertKind.LowVolume).ThenBy(alert => below(alert.Unit))
            .ThenBy(static alert => Array.IndexOf(States, alert.State)).ThenByDescending(static alert => alert.Since)
            .ThenBy(static alert => alert.Rule).ThenBy(static alert => alert.Unit).Take(MostListed)],
            new BoardAlertCounts(Of(States[0]), Of(States[1]), Of(States[2]), Of(States[3])));
    }
}
