using KpiStream.Engine.Boards;
using KpiStream.Ingest.Host.Serving.Api;
using KpiStream.Ingest.Host.Serving.Http;

namespace KpiStream.Ingest.Tests.Host.Serving.Api;

/// <summary>The two figures that count procedures, as the API answers them.</summary>
public sealed class ProcedureFigureTests
{
    private const string Paid = "procedures_paid_nationally", Offered = "procedures_offered_online";

    private static readonly long Now = LocalTime.StartOfDay(LocalTime.DayOf(new DateOnly(2023, 7, 31))) + 36_000_000;

    private static readonly ProcedureCatalogue Catalogue = new(
    [
        new("1.1", "Cấp bản sao trích lục", null, OnlineLevel.Full, true, 8_000), new("1.2", "Đăng ký khai sinh", null, OnlineLevel.Partial,
            true, null),
        new("1.3", "Chứng thực", null, OnlineLevel.None, false, null), new("1.4", "Đăng ký đất đai", null, OnlineLevel.Full, true, null),
    ]);

    [Fact]
    public async Task AProcedure_CountsOnceWhateverItsCases_AndMovesWithTheirCorrections()
    {
        await using var engine = Start();
        Feed(engine,
            Event("a", "1.1", "national"), Event("b", "1.1", "counter"), // paid once: counts
            Event("c", "1.2.000.H31", "local"), Event("d", "1.2.000.H31", "counter"),
            Event("e", "1.3", null), // nobody says how it was paid
            Event("f", "1.4", "national", more: ",\"fee\":0"), Event("g", "1.5", "national", more: ",\"waived\":true"), // nothing due
            Event("h", "1.6", "national", more: ",\"parent\":\"p\""), Event("i", "1.7", "national", more: ",\"kind\":\"feedback\""),
            Event("j", "1.8", "national", day: "2023-06-30"), Event("k", "", "national"));
        var row = await AnswerAsync(engine, Paid, "33", "month");
        Assert.Equal((3, 1, 1), (row.Denominator, row.Numerator!.Value, row.Unobserved!.Value));
        Assert.Equal((0.6, null, FigureState.TooFew), (row.Target!.Value, row.Lapsed, row.State));
        Assert.Equal([new("1.2.000.H31", "Đăng ký khai sinh", 2, 0), new ProcedureAnswer("1.3", "Chứng thực", 1, 1)], row.Procedures);
        Assert.Equal(4, (await AnswerAsync(engine, Paid, "VN", "year")).Denominator);
        Assert.Equal(3, (await AnswerAsync(engine, Paid, "33", "30d")).Denominator);

        Feed(engine, Event("c", "1.2.000.H31", "national", at: "2023-07-30T09:00:00+07:00"), Event("a", "1.1", "counter", at: "2023-07-30T09:00:00+07:00"));
        row = await AnswerAsync(engine, Paid, "33", "month");
        Assert.Equal((3, 1, 1), (row.Denominator, row.Numerator!.Value, row.Unobserved!.Value));
        Assert.Equal(["1.1", "1.3"], row.Procedures!.Select(one => one.Code));
    }

    [Theory]
    [InlineData(true, 3, 2, FigureState.TooFew)]
    [InlineData(false, 0, 0, FigureState.NoData)]
    public async Task OfferedOnline_IsWhatTheCatalogueSays(bool hasCatalogue, long eligible, long full, FigureState state)
    {
        await using var engine = Start(hasCatalogue ? Catalogue : ProcedureCatalogue.Empty);
        var row = await AnswerAsync(engine, Offered, "33", "month");
        Assert.Equal((eligible, full, state), (row.Denominator, row.Numerator!.Value, row.State));
        Assert.Equal(hasCatalogue ? ["Đăng ký khai sinh"] : [], row.Procedures!.Select(one => one.Name!));
    }

    [Fact]
    public async Task AllFigures_HaveThemForProvinceAndNationAlone_AndACommuneIsSentToItsProvince()
    {
        await using var engine = Start();
        var (question, _) = FigureQuestion.Read(null, null, "month", null, engine);
        var rows = (await question!.AnswerAsync(engine, Now, hasData: true, Page.First, CancellationToken.None)).Rows.Where(
            row => row.Kpi.StartsWith("procedures_"));
        Assert.Equal([(Paid, "VN"), (Paid, "33"), (Offered, "VN"), (Offered, "33")], rows.Select(row => (row.Kpi, row.Unit)));
        var (refused, mistake) = FigureQuestion.Read(Paid, "11953", "month", null, engine);
        Assert.Null(refused);
        Assert.Equal("procedures_paid_nationally is counted per province: ask for unit 33, or leave 'unit' out.", mistake);
    }

    [Fact]
    public async Task ACase_SaysWhatItsProcedureIsCalled()
    {
        await using var engine = Start();
        Feed(engine, Event("a", "1.1.000.00.00.H31", "national"));
        var sheet = await engine.FindCaseAsync(PseudonymKey.Fixed.Of("a"u8), Now);
        Assert.Equal("Cấp bản sao trích lục", sheet!.Registers.Single(register => register.Key == "procedure").Name);
        Assert.All(sheet.Registers.Where(register => register.Key != "procedure"), register => Assert.Null(register.Name));
    }

    private static StreamEngine Start(ProcedureCatalogue? catalogue = null) => new(new EngineOptions
    {
        Rulebook = Shipped.Rulebook(),
        Directory = Shipped.Units("hungyen"),
        Catalogue = catalogue ?? Catalogue,
        Shards = 3,
        Sliding = [Period.TryParse("30d")!],
    });

    private static async Task<FigureAnswer> AnswerAsync(StreamEngine engine, string kpi, string unit, string period)
    {
        var (question, mistake) = FigureQuestion.Read(kpi, unit, period, null, engine);
        Assert.Equal("", mistake);
        return Assert.Single((await question!.AnswerAsync(engine, Now, hasData: true, Page.First, CancellationToken.None)).Rows);
    }

    private static string Event(string code, string procedure, string? paid, string day = "2023-07-05", string? at = null, string more = "") =>
        $$"""{"source":"s","case":"{{code}}","at":"{{at ?? day + "T08:00:00+07:00"}}","status":2,"accepted":"{{day}}T08:00:00+07:00", """
            + $$""" "handling":"11953","procedure":"{{procedure}}","fee":8000{{(paid is null ? "" : $",\"paid_via\":\"{paid}\"")}}{{more}}}""";

    private static void Feed(StreamEngine engine, params string[] events)
    {
        var intake = engine.OpenIntake("test");
        foreach (var line in events)
        {
            intake.Accept(Encoding.UTF8.GetBytes(line), new SourcePosition(0, 1), DecodeLimits.UnknownArrival);
        }

        intake.Flush();
        Assert.Equal(0, intake.Counts.Rejected);
    }
}
