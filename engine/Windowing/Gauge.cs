namespace KpiStream.Engine.Windowing;

/// <summary>Counts at an instant per handling unit (spec section 4), in the order and under the names of the spec.</summary>
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
