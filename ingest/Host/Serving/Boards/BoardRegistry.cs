using KpiStream.Engine.Alerts;

namespace KpiStream.Ingest.Host.Serving.Boards;

/// <summary>
/// The wallboards there are, dead ones included: each says what it painted, and one that was there for <see cref="SettledAfter"/> and has painted nothing for
/// <see cref="LateAfter"/> is late until it paints again or is dismissed. Any thread. Bound: <see cref="Most"/> boards. A restart takes over what is kept,
/// and gives every board that was not late the full time again.
/// </summary>
/// <param name="unit">The unit whose boards these are.</param>
internal sealed class BoardRegistry(string unit, TimeProvider time)
{
    public const int Most = 2_000;

    public static readonly TimeSpan SettledAfter = TimeSpan.FromMinutes(10);
    public static readonly TimeSpan LateAfter = TimeSpan.FromMinutes(5);

    /// <summary>A board that was never there for long is forgotten after an hour: somebody had a look.</summary>
    private static readonly TimeSpan ForgottenAfter = TimeSpan.FromHours(1);

    private readonly Lock gate = new();
    private readonly Dictionary<string, KnownBoard> boards = [];
    private readonly Dictionary<string, KnownBoard> leaving = []; // Late ones that painted or were dismissed, until the alerts know.
    private long version;

    /// <summary>Grows whenever something changes.</summary>
    public long Version => Interlocked.Read(ref version);

    /// <summary>All boards, in the order of their ids.</summary>
    public IReadOnlyList<KnownBoard> All
    {
        get
        {
            lock (gate)
            {
                return [.. boards.Values.OrderBy(static board => board.Report.Board)];
            }
        }
    }

    /// <summary>Takes over what an earlier run knew; to be called first.</summary>
    public void Recall(IEnumerable<KnownBoard> known)
    {
        var now = Now();
        lock (gate)
        {
            foreach (var board in known.Where(static board => board.Report.Mistake() is null).Take(Most))
            {
                boards[board.Report.Board!] = board.IsLate ? board : board with { LastPainted = now };
            }
        }
    }

    /// <summary>Takes note of a report without a mistake.</summary>
    /// <returns>False when there is no room for another board.</returns>
    public bool TryReport(BoardReport report)
    {
        var now = Now();
        lock (gate)
        {
            var known = boards.GetValueOrDefault(report.Board!);
            if (known is null && boards.Count >= Most)
            {
                return false;
            }

            var hasPainted = known is null || (known.Report.Frame, known.Report.PaintedAt) != (report.Frame, report.PaintedAt);
            if (known is { IsLate: true } && hasPainted)
            {
                leaving[report.Board!] = known;
            }

            boards[report.Board!] = new KnownBoard(
                report with { Address = report.PlainAddress() }, known?.FirstSeen ?? now, now, hasPainted ? now : known!.LastPainted,
                !hasPainted && known!.IsLate);
            version++;
            return true;
        }
    }

    /// <summary>A board that is not to be waited for any more; false when there is none of that id.</summary>
    public bool TryDismiss(string id)
    {
        lock (gate)
        {
            if (!boards.Remove(id, out var board))
            {
                return false;
            }

            if (board.IsLate)
            {
                leaving[id] = board;
            }

            version++;
            return true;
        }
    }

    /// <summary>The list for who asks.</summary>
    public IReadOnlyList<BoardAnswer> Answer()
    {
        var now = Now();
        return
        [
            .. All.Select(board => new BoardAnswer(
                board.Report.Board!, board.Report.Address!, board.Report.Frame ?? 0, board.Report.PaintedAt!, board.Report.Version, board.Report.Screen,
                InstantText.ToLocalSeconds(board.FirstSeen), InstantText.ToLocalSeconds(board.LastSeen),
                Math.Max(0, now - board.LastPainted) / LocalTime.MillisPerSecond, board.IsLate || IsLate(board, now))),
        ];
    }

    /// <summary>The alerts of late boards for a restart to know again.</summary>
    public IReadOnlyList<AlertRule> Rules => [.. All.Where(static board => board.IsLate).Select(static board => RuleOf(board, isDismissed: false))];

    /// <summary>What the alerts are to be told of late boards, and once of each that is no longer late. Publisher only.</summary>
    public IReadOnlyList<AlertReading> Readings()
    {
        var now = Now();
        lock (gate)
        {
            Judge(now);
            List<AlertReading> readings =
            [
                .. boards.Values.Where(static board => board.IsLate).Select(board => ReadingOf(RuleOf(board, isDismissed: false), isLate: true)),
                .. leaving.Values.Where(board => boards.GetValueOrDefault(board.Report.Board!) is not { IsLate: true })
                    .Select(board => ReadingOf(RuleOf(board, isDismissed: !boards.ContainsKey(board.Report.Board!)), isLate: false)),
            ];
            leaving.Clear();
            return readings;
        }
    }

    private static SilentBoardRule RuleOf(KnownBoard board, bool isDismissed) => new()
    {
        Figure = "",
        Board = board.Report.Board!,
        Address = board.Report.Address!,
        PaintedAt = board.LastPainted,
        IsDismissed = isDismissed,
    };

    private static bool IsLate(KnownBoard board, long now) =>
        board.LastSeen - board.FirstSeen >= SettledAfter.TotalMilliseconds && now - board.LastPainted >= LateAfter.TotalMilliseconds;

    private AlertReading ReadingOf(SilentBoardRule rule, bool isLate) => new(rule, unit, isLate ? 1 : 0, null, null, HasData: true);

    private void Judge(long now)
    {
        foreach (var (id, board) in boards)
        {
            if (!board.IsLate && IsLate(board, now))
            {
                boards[id] = board with { IsLate = true };
                version++;
            }
            else if (board.LastSeen - board.FirstSeen < SettledAfter.TotalMilliseconds && now - board.LastSeen >= ForgottenAfter.TotalMilliseconds)
            {
                boards.Remove(id);
                version++;
            }
        }
    }

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
