using KpiStream.Engine.Alerts;
using KpiStream.Engine.Boards;

namespace KpiStream.Engine.Tests.Boards;

public class BoardBuilderTests
{
    private static readonly CompiledRulebook Rules = new(Shipped.Rulebook());
    private static readonly UnitDirectory Directory = Shipped.Units("hungyen");
    private static readonly long Now = LocalTime.StartOfDay(LocalTime.DayOf(new DateOnly(2025, 7, 29))) + 36_000_000;

    [Fact]
    public void AProvincesBoard_ShowsItsCommunesAndNotItsOldUnits()
    {
        var frame = Build(new LedgerSums(Plan.Period, null), caughtUp: true);
        Assert.Equal("33", frame.Province.Code);
        Assert.Equal(104 + 13, frame.Units.Count);
        Assert.All(frame.Units, unit => Assert.Equal(Rules.Figures.Count, unit.Cells.Count));
    }

    [Fact]
    public void TheNationsBoard_ShowsItsProvinces()
    {
        var nation = Shipped.Units("vn");
        var top = BoardPlan.TopOf(nation);
        Assert.Equal("VN", top.Code);
        Assert.Equal(34, BoardPlan.RowsBelow(nation, top.Code).Count);
    }

    [Fact]
    public void TheHeadline_IsTheSumOfAllBelowItAndUnknownCodesAreShownApart()
    {
        var frame = Build(SumsOf(("11953", 30, 20), ("11956", 10, 10), ("99999", 5, 0)), caughtUp: true);
        Assert.Equal(45, frame.Headline["fully_online"].D);
        Assert.Equal(30, frame.Headline["fully_online"].N);
        var unknown = Assert.Single(frame.Units, unit => !unit.Known);
        Assert.Equal("99999", unknown.Code);
        Assert.Equal(5, unknown.Cells["fully_online"].D);
    }

    [Fact]
    public void ItemsThatRestOnAKeyNoSourceStates_AreNamedByTheBoard()
    {
        var all = Build(new LedgerSums(Plan.Period, null), caughtUp: true, stated: ~(1u << (int)CaseKey.Presence)).Figures;
        Assert.Equal(["no_presence"], all.Single(figure => figure.Kpi == "fully_online").NeverSent);
        Assert.Empty(all.Single(figure => figure.Kpi == "synced").NeverSent);
        Assert.All(Build(new LedgerSums(Plan.Period, null), caughtUp: true, stated: 0).Figures, figure => Assert.Empty(figure.NeverSent));
    }

    [Fact]
    public void FiguresOfProcedures_AreShownOfTheBoardsOwnUnit()
    {
        var figures = Build(new LedgerSums(Plan.Period, null), caughtUp: true).ProcedureFigures;
        Assert.Equal(["procedures_paid_nationally", "procedures_offered_online"], figures.Select(one => one.Figure.Kpi));
        Assert.Equal((40, 30, 5), (figures[0].Cell.D, figures[0].Cell.N!.Value, figures[0].Cell.U!.Value));
        Assert.Equal((FigureState.Ok, 2023), (figures[0].Cell.S, figures[0].Figure.Lapsed!.Value));
        Assert.Equal(FigureState.NoData, figures[1].Cell.S); // without a catalogue
    }

    [Fact]
    public void BeforeThePastIsRead_NothingIsJudgedAndNobodyIsCalledSilent()
    {
        var frame = Build(SumsOf(("11953", 30, 0)), caughtUp: false);
        Assert.Equal(FigureState.NoData, frame.Headline["fully_online"].S);
        Assert.Equal(30, frame.Headline["fully_online"].D);
        Assert.Empty(frame.LowVolume.Units);
    }

    [Fact]
    public void SilentCommunes_AreListedLowestFirst()
    {
        var frame = Build(SumsOf(("11953", 50, 0), ("11977", 49, 0), ("99999", 7, 0)), caughtUp: true);
        Assert.True(frame.LowVolume.Judged);
        Assert.Equal(103, frame.LowVolume.Units.Count);
        Assert.Equal("11977", frame.LowVolume.Units[^1].Code);
        Assert.Equal(frame.LowVolume.Units.OrderBy(unit => unit.Count).ThenBy(unit => unit.Code), frame.LowVolume.Units);
    }

    [Fact]
    public void DaysThatTheLogDoesNotCover_CallNobodySilent()
    {
        var frame = Build(SumsOf(("11953", 1, 0)), caughtUp: true, new ObservedDays());
        Assert.True(frame.LowVolume.Judged);
        Assert.Empty(frame.LowVolume.Units);
    }

    [Fact]
    public void ADelta_HoldsTheUnitsThatLookDifferentAndNoOthers()
    {
        var before = Build(SumsOf(("11953", 30, 20)), caughtUp: true);
        var after = Build(SumsOf(("11953", 31, 20)), caughtUp: true);
        var delta = BoardDiff.Between(before, after);
        Assert.Equal("11953", Assert.Single(delta!.Units!).Code);
        Assert.Equal(delta.Headline!.Keys, delta.Units![0].Cells!.Keys);
        Assert.Contains("fully_online", delta.Headline!.Keys);
        Assert.DoesNotContain("received", delta.Headline.Keys);
        Assert.Null(delta.Figures);
        Assert.Null(delta.Alerts);
        Assert.True(BoardDiff.Between(after, after with { Id = 2, Now = "2025-07-31T10:00:01+07:00" })!.IsEmpty);
    }

    [Fact]
    public void AUnitThatHasGone_BringsTheWholeFrame()
    {
        var before = Build(SumsOf(("99999", 5, 0)), caughtUp: true);
        var after = Build(SumsOf(("11953", 5, 0)), caughtUp: true);
        Assert.Null(BoardDiff.Between(before, after));
    }

    internal static BoardPlan Plan => new()
    {
        Rules = Rules,
        Directory = Directory,
        Top = BoardPlan.TopOf(Directory),
        Period = Period.TryParse("30d")!,
        LowVolume = new LowVolumeRule { Figure = "handled", FewerThan = 50, Since = new DateOnly(2025, 7, 1), JudgedOn = new DateOnly(2025, 7, 15) },
        StaleAfterSeconds = 60,
        Demo = false,
    };

    /// <summary>A log that has records of every day of July 2025.</summary>
    internal static ObservedDays July
    {
        get
        {
            var days = new ObservedDays();
            days.Add(Enumerable.Range(LocalTime.DayOf(new DateOnly(2025, 7, 1)), 31).Select(day => (day, 500L)));
            return days;
        }
    }

    private static BoardFrame Build(LedgerSums sums, bool caughtUp, ObservedDays? days = null, uint stated = uint.MaxValue)
    {
        var totals = new UnitTotals(sums.Rows, id => Codes[id], Directory);
        var trust = new BoardTrust("r", "d", 0, 0, 0, 0, 0, [], []);
        var moment = new BoardMoment(Now, Now, Stale: false, caughtUp, "", totals, totals, new UnitTotals([], id => Codes[id], Directory), [], trust)
        {
            Days = days ?? July,
            StatedKeys = stated,
            ProceduresPaid = new FigureCount(40, 30, 5),
        };
        return new BoardBuilder(Plan).Build(1, moment);
    }

    internal static readonly string[] Codes = ["", "11953", "11956", "99999", "11977"];

    /// <summary>Sums in which fully_online has the given denominators and numerators, made by the ledger itself.</summary>
    internal static LedgerSums SumsOf(params (string Unit, int Denominator, int Numerator)[] rows)
    {
        var sets = new LaneSets(Rules);
        var ledger = new ContributionLedger(sets, Rules.LaneCount, [Plan.Period]);
        var group = Rules.Groups.Single(group => CompiledRulebook.UnitOf(group) == UnitRole.Handling && CompiledRulebook.TimeOf(group) == TimeRole.Ended);
        ulong counted = Bits(Condition.KindCase, Condition.Done, Condition.ResultNeeded);
        ulong achieved = counted | Bits(Condition.Online, Condition.ResultElectronic, Condition.ReturnedRemotely, Condition.NoPresence);
        ledger.AdvanceTo(LocalTime.SecondOf(Now));
        foreach (var (unit, denominator, numerator) in rows)
        {
            var id = Array.IndexOf(Codes, unit);
            var place = new Place(id, LocalTime.SecondOf(Now));
            ledger.Move(in place, sets.Between(LaneSets.None, sets.Of(group, achieved, 0)), numerator);
            ledger.Move(in place, sets.Between(LaneSets.None, sets.Of(group, counted, 0)), denominator - numerator);
        }

        var today = new DateOnly(2025, 7, 29);
        return LedgerSums.Of(ledger, Plan.Period, today, today)!;
    }

    private static ulong Bits(params Condition[] conditions) => conditions.Aggregate(0UL, (bits, condition) => bits | (1UL << (int)condition));
}
