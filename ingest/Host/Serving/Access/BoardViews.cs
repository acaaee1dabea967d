using System.Collections.Concurrent;
using KpiStream.Ingest.Host.Serving.Boards;

namespace KpiStream.Ingest.Host.Serving.Access;

/// <summary>
/// The boards that tokens show: made of the server's own, cut to a unit or with small cells hidden, once for all who look at the same. A service that follows
/// the boards behind them. Bound: the units, periods and kinds that tokens in force show; one that nobody asks for is forgotten.
/// </summary>
/// <param name="boards">The server's own.</param>
/// <param name="register">Whose token shows what; null where everybody sees everything.</param>
internal sealed class BoardViews(LiveBoards boards, AccessRegister? register, BoardPlan plan, TimeProvider time) : BackgroundService
{
    /// <summary>How far a view may be behind its board: little beside the time between two frames.</summary>
    private static readonly TimeSpan Cadence = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(1);

    /// <summary>How long the counts of a public board stand: frame by frame one would see each case by itself.</summary>
    private static readonly TimeSpan PublicCadence = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<(BoardScope Scope, string Unit, string Period), View> views = [];

    /// <summary>The board that the asker may see.</summary>
    /// <returns>The board; or why there is none, as a sentence.</returns>
    public (LiveBoard? Board, string Mistake) Find(HttpContext context, string? unit, string? period)
    {
        if (ScopeOf(context) is not { } scope)
        {
            return context.User.IsInRole(AccessClaims.BoardRole) ? (null, "This token has ended: open the board's address with another.")
                : boards.Find(unit, period);
        }

        if (scope.IsPublic && unit is not null && boards.Find(unit, period).Board == boards.Find(scope.Unit, period).Board)
        {
            unit = scope.Unit; // Its row, as the whole board shows it: cut out by itself, a count hidden there could be read here.
        }

        if (scope.IsPublic && (unit ?? scope.Unit) != scope.Unit)
        {
            return (null, $"This public board shows {scope.Unit}; a board of what is below it would tell counts that are hidden there.");
        }

        var asked = unit ?? scope.Unit;
        var (board, mistake) = boards.Find(asked, period);
        if (board is null || !plan.Directory.IsAtOrBelow(asked, scope.Unit))
        {
            return (null, board is null ? mistake : $"This token shows {scope.Unit} and what is below it, not '{asked}'.");
        }

        if (!scope.IsPublic && scope.Unit == plan.Top.Code)
        {
            return (board, "");
        }

        // Units without rows of their own share the board that they are on, where the token shows all of that.
        var top = plan.Directory.Find(asked) is not { } row ? plan.Top.Code : plan.Directory.IsLeaf(asked) ? row.Parent ?? asked : asked;
        var shown = plan.Directory.IsAtOrBelow(top, scope.Unit) ? top : asked;
        var view = views.GetOrAdd((scope, shown, period ?? plan.Period.Name), _ => new View(board));
        Volatile.Write(ref view.AskedAt, time.GetTimestamp());
        Follow(view, scope, shown);
        return (view.Board, "");
    }

    /// <summary>All who follow one of these boards at present.</summary>
    public int Readers => views.Values.Sum(static view => view.Board.Readers);

    /// <summary>What the asker's token shows; null for a person or a program, who see everything.</summary>
    public BoardScope? ScopeOf(HttpContext context) =>
        register?.Find(context.User.EntryId()) is { Kind: AccessKind.Board } entry ? new BoardScope(entry.Unit ?? plan.Top.Code, entry.Public) : null;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Cadence, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                foreach (var (key, view) in views)
                {
                    FollowOrForget(key, view);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Asked to stop.
        }
    }

    private void FollowOrForget((BoardScope Scope, string Unit, string Period) key, View view)
    {
        if (view.Board.Readers == 0 && time.GetElapsedTime(Volatile.Read(ref view.AskedAt)) > KeptFor)
        {
            views.TryRemove(key, out _);
            return;
        }

        // Asked for again, so that it is made while somebody looks at it through us; one that was forgotten meanwhile is another.
        if (boards.Find(key.Unit, key.Period).Board is { } behind)
        {
            view.Behind = behind;
            Follow(view, key.Scope, key.Unit);
        }
    }

    private void Follow(View view, BoardScope scope, string unit)
    {
        lock (view)
        {
            if (view.Behind.Current is { } newest && newest.Id > view.Seen)
            {
                // Every frame of a view follows the one before, also where frames of the board were left out.
                view.Id = view.Seen == 0 ? newest.Id : view.Id + 1;
                view.Seen = newest.Id;
                view.Board.Publish((scope.IsPublic ? Hold(view, newest, scope, unit) : scope.Of(newest, unit, plan.Directory)) with { Id = view.Id });
            }
        }
    }

    /// <summary>The counts of a public board as they stand, with the clock and the health of the newest frame.</summary>
    private BoardFrame Hold(View view, BoardFrame newest, BoardScope scope, string unit)
    {
        var stands = view.Held is { } held && time.GetElapsedTime(view.HeldAt) < PublicCadence && Health(held) == Health(newest);
        if (!stands)
        {
            (view.Held, view.HeldAt) = (scope.Of(newest, unit, plan.Directory), time.GetTimestamp());
        }

        return view.Held! with { Now = newest.Now, Phase = newest.Phase, SourceState = newest.SourceState };
    }

    /// <summary>What makes new counts due at once. Not the phase: from idle to live it would tell of a single case at night.</summary>
    private static (bool, bool, string, string) Health(BoardFrame frame) => (frame.Stale, frame.CaughtUp, frame.PeriodLabel, frame.PageVersion);

    private sealed class View(LiveBoard behind)
    {
        /// <summary>Of a public board: what it shows, and since when.</summary>
        public BoardFrame? Held { get; set; }

        public long HeldAt { get; set; }

        public long AskedAt;

        public LiveBoard Behind { get; set; } = behind;

        public LiveBoard Board { get; } = new();

        public long Seen { get; set; }

        public long Id { get; set; }
    }
}
