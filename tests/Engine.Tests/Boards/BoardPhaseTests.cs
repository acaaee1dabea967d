using KpiStream.Engine.Boards;
using KpiStream.Engine.Kpis;
using KpiStream.Engine.Units;
using KpiStream.Engine.Windowing;

namespace KpiStream.Engine.Tests.Boards;

/// <summary>The table of states, engine side: what a source does, whether its past was read, whether there is data, and what a figure may then say.</summary>
public sealed class BoardPhaseTests
{
    private static readonly BoardPlan Plan = BoardBuilderTests.Plan;
    private static readonly long Now = new DateTimeOffset(2025, 7, 29, 10, 0, 0, TimeSpan.FromHours(7)).ToUnixTimeMilliseconds();

    /// <summary>A ratio in each state it can have, each for a commune of its own.</summary>
    private static readonly (int Denominator, int Numerator, int Unobserved, FigureState State)[] Ratios =
    [
        (200, 180, 0, FigureState.Ok), (200, 20, 0, FigureState.Breach), (200, 100, 80, FigureState.NotObserved), (5, 5, 0, FigureState.TooFew),
        (0, 0, 0, FigureState.NoData),
    ];

    private static readonly string[] Codes = ["", .. BoardPlan.RowsBelow(Plan.Directory, Plan.Top.Code).Take(Ratios.Length).Select(static row => row.Code)];

    public static TheoryData<string, bool, bool> All
    {
        get
        {
            var all = new TheoryData<string, bool, bool>();
            foreach (var phase in (string[])["live", "idle", "silent", "lost", "loading"])
            {
                foreach (var caughtUp in (bool[])[true, false])
                {
                    // Only what was read can be live, idle or silent, and what is still read is loading or lost.
                    if (caughtUp ? phase != "loading" : phase is "loading" or "lost")
                    {
                        all.Add(phase, caughtUp, true);
                        all.Add(phase, caughtUp, false);
                    }
                }
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void AFigureIsJudged_WhenItsSourceIsHeardOfAndReadAndHasData_AndKeepsItsCountsAlways(string phase, bool caughtUp, bool hasData)
    {
        var isJudged = phase is "live" or "idle" && caughtUp && hasData;
        var frame = Build(phase, caughtUp, hasData);
        Assert.Equal((phase, phase is "silent" or "lost", caughtUp), (frame.Phase, frame.Stale, frame.CaughtUp));
        foreach (var (number, (denominator, numerator, unobserved, state)) in Ratios.Index())
        {
            var cell = frame.Units.Single(row => row.Code == Codes[number + 1]).Cells["fully_online"];
            Assert.Equal((isJudged ? state : FigureState.NoData, denominator, numerator, unobserved), (cell.S, cell.D, cell.N, cell.U ?? 0));
        }

        var cells = frame.Headline.Values.Concat(frame.Units.SelectMany(static row => row.Cells.Values)).ToList();
        Assert.All(cells, cell => Assert.True(isJudged || cell.S == FigureState.NoData, $"{cell} in {phase}"));
        Assert.Equal(isJudged, cells.Exists(static cell => cell.S == FigureState.Ok));
        Assert.Equal(isJudged, cells.Exists(static cell => cell.S == FigureState.None)); // volumes
        Assert.Equal(isJudged ? FigureState.Ok : FigureState.NoData, frame.ProcedureFigures[0].Cell.S);
        Assert.Equal(caughtUp && hasData, frame.LowVolume.Known);
        Assert.True(hasData || frame.DataTime is null);
    }

    /// <summary>Every step from one state to another tells what changed: a board that is brought up to date by steps is never between two states.</summary>
    [Fact]
    public void FromEveryStateToEveryOther_ADeltaCarriesThePhaseAndEveryCellThatIsJudgedAnew()
    {
        (string, bool)[] states = [("live", true), ("idle", true), ("silent", true), ("lost", true), ("loading", false)];
        foreach (var (from, fromRead) in states)
        {
            foreach (var (to, toRead) in states)
            {
                var (before, after) = (Build(from, fromRead, hasData: true), Build(to, toRead, hasData: true));
                var delta = BoardDiff.Between(before, after)!;
                Assert.Equal(from == to ? null : to, delta.Phase);
                Assert.Equal(before.Stale == after.Stale ? null : after.Stale, delta.Stale);
                Assert.Equal(before.CaughtUp == after.CaughtUp ? null : after.CaughtUp, delta.CaughtUp);
                var old = before.Units.ToDictionary(static row => row.Code);
                var changed = after.Units.Where(row => row.Cells.Any(cell => old[row.Code].Cells[cell.Key] != cell.Value));
                Assert.Equal(changed.Select(static row => row.Code), (delta.Units ?? []).Select(static row => row.Code));
                Assert.Equal(from == to ? null : after.Trust.Sources ?? [], delta.Trust?.Sources);
            }
        }
    }

    private static BoardFrame Build(string phase, bool caughtUp, bool hasData)
    {
        var totals = new UnitTotals(Sums().Rows, static id => Codes[id], Plan.Directory);
        IReadOnlyList<BoardSource>? sources = caughtUp ? [new BoardSource("dvc", phase, "2025-07-29T09:00:00+07:00", phase)] : null;
        var trust = new BoardTrust("r", "d", 0, 0, 0, 0, 0, [], [], Sources: sources);
        var moment = new BoardMoment(
            Now, hasData ? Now : null, Stale: phase is "silent" or "lost", caughtUp, "", totals, totals,
            new UnitTotals([], static id => Codes[id], Plan.Directory), [], trust, phase)
        {
            Days = BoardBuilderTests.July,
            ProceduresPaid = new FigureCount(40, 30, 5),
        };
        return new BoardBuilder(Plan).Build(1, moment);
    }

    private static LedgerSums Sums()
    {
        var sets = new LaneSets(Plan.Rules);
        var ledger = new ContributionLedger(sets, Plan.Rules.LaneCount, [Plan.Period]);
        var group = Plan.Rules.Groups.Single(
            static group => CompiledRulebook.UnitOf(group) == UnitRole.Handling && CompiledRulebook.TimeOf(group) == TimeRole.Ended);
        var counted = Bits(Condition.KindCase, Condition.Done, Condition.ResultNeeded);
        var achieved = counted | Bits(Condition.Online, Condition.ResultElectronic, Condition.ReturnedRemotely);
        ledger.AdvanceTo(LocalTime.SecondOf(Now));
        foreach (var (number, (denominator, numerator, unobserved, _)) in Ratios.Index())
        {
            var place = new Place(number + 1, LocalTime.SecondOf(Now));
            ledger.Move(in place, sets.Between(LaneSets.None, sets.Of(group, achieved | Bits(Condition.NoPresence), 0)), numerator);
            ledger.Move(in place, sets.Between(LaneSets.None, sets.Of(group, achieved, Bits(Condition.NoPresence))), unobserved);
            ledger.Move(in place, sets.Between(LaneSets.None, sets.Of(group, counted, 0)), denominator - numerator - unobserved);
        }

        var today = LocalTime.DateOf(LocalTime.DayOf(Now));
        return LedgerSums.Of(ledger, Plan.Period, today, today)!;
    }

    private static ulong Bits(params Condition[] conditions) => conditions.Aggregate(0UL, static (bits, condition) => bits | (1UL << (int)condition));
}
