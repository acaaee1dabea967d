using System.Collections.Concurrent;

namespace KpiStream.Ingest.Host.Serving.Boards;

/// <summary>
/// The boards of one server: that of its own unit and period, always there, and those of units below it that have rows of their own (of a nation its
/// provinces) and of other periods, made while somebody follows them. Published by one writer, found by anyone. Bound: the units of the directory that are no
/// leaves, times the periods.
/// </summary>
internal sealed class LiveBoards(BoardPlan plan, TimeProvider time)
{
    /// <summary>How long a board is made for after it was last asked for or followed: longer than a page takes to connect again.</summary>
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<(string Unit, string Period), Entry> others = [];
    private readonly BoardBuilder builder = new(plan);

    /// <summary>The board of the server's own unit.</summary>
    public LiveBoard Main { get; } = new();

    /// <summary>All who follow a board at present.</summary>
    public int Readers => Main.Readers + others.Values.Sum(static entry => entry.Board.Readers);

    /// <summary>The alerts of a board's unit and all below it.</summary>
    public static IReadOnlyList<BoardAlert> AlertsOn(BoardPlan board, IReadOnlyList<BoardAlert> alerts) =>
        [.. alerts.Where(alert => board.Directory.IsAtOrBelow(alert.Unit, board.Top.Code))];

    /// <summary>The board on which a unit is shown: its own, or that of the unit above.</summary>
    /// <param name="unit">A unit's code; null for the server's own.</param>
    /// <param name="period">One of the periods that are shown side by side; null for the server's own.</param>
    /// <returns>The board; or what is not understood, as a sentence.</returns>
    public (LiveBoard? Board, string Mistake) Find(string? unit, string? period)
    {
        var periods = plan.Spans.Prepend(plan.Period).DistinctBy(static each => each.Name).ToList();
        if (periods.Find(each => each.Name == (period ?? plan.Period.Name)) is not { } shown)
        {
            return (null, $"There is no board for the period '{period}': {Suggestion.Sentence(period!, [.. periods.Select(static each => each.Name)])}.");
        }

        if (TopFor(unit) is not { } top)
        {
            return (null, $"Unit '{unit}' is on no board of this server, which is about {plan.Top.Code} ({plan.Top.Name}) and what is below it.");
        }

        if (top == plan.Top && shown.Name == plan.Period.Name)
        {
            return (Main, "");
        }

        var entry = others.GetOrAdd((top.Code, shown.Name), _ => new Entry(plan with { Top = top, Period = shown }));
        Volatile.Write(ref entry.AskedAt, time.GetTimestamp());
        return (entry.Board, "");
    }

    /// <summary>Publishes a frame of every board that is wanted. Publisher only.</summary>
    /// <param name="momentOf">What is known at the instant, for a board's plan.</param>
    public void Publish(long id, Func<BoardPlan, BoardMoment> momentOf)
    {
        Main.Publish(builder.Build(id, momentOf(plan)));
        foreach (var (key, entry) in others)
        {
            if (entry.Board.Readers > 0 || time.GetElapsedTime(Volatile.Read(ref entry.AskedAt)) < KeptFor)
            {
                entry.Board.Publish(entry.Builder.Build(id, momentOf(entry.Plan)));
            }
            else
            {
                others.TryRemove(key, out _);
            }
        }
    }

    private UnitRow? TopFor(string? unit)
    {
        var directory = plan.Directory;
        if (unit is null || directory.Find(unit) is not { } row || unit == plan.Top.Code)
        {
            return plan.Top;
        }

        var top = directory.IsLeaf(unit) ? directory.Find(row.Parent ?? "") : row;
        return top is { ValidTo: null } && directory.IsAtOrBelow(top.Code, plan.Top.Code) ? top : null;
    }

    private sealed class Entry(BoardPlan plan)
    {
        public long AskedAt;

        public BoardPlan Plan => plan;

        public BoardBuilder Builder { get; } = new(plan);

        public LiveBoard Board { get; } = new();
    }
}
