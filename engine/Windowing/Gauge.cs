namespace KpiStream.Engine.Windowing;

/// <summary>Counts at an instant per handling unit, in the order of the board.</summary>
public enum Gauge
{
    Open, Paused, Waiting, Overdue, DueSoon,
}

/// <summary>The gauges' names.</summary>
public static class Gauges
{
    public const int Count = 5;

    private static readonly string[] NamesInOrder = ["open", "paused", "waiting", "overdue", "due_soon"];

    public static string NameOf(Gauge gauge) => NamesInOrder[(int)gauge];
}
