using KpiStream.Engine.Boards;
using KpiStream.Ingest.Host.Serving.Api;
using KpiStream.Ingest.Host.Serving.Http;

namespace KpiStream.Ingest.Tests.Host.Serving.Api;

/// <summary>A hundred cases ended on 1 March 2026, half of them fully online; the target is 10 % to 30 June and 90 % from 1 July.</summary>
public sealed class FigureQuestionTests : IAsyncLifetime
{
    private const string Unit = "11953";
    private const string Kpi = "fully_online";

    private static readonly Target Low = new(TargetComparison.AtLeast, 0.1, new DateOnly(2026, 1, 1), new DateOnly(2026, 6, 30), null);
    private static readonly Target High = new(TargetComparison.AtLeast, 0.9, new DateOnly(2026, 7, 1), null, null);
    private static readonly DateTimeOffset March = new(2026, 3, 1, 3, 0, 0, TimeSpan.Zero);

    private StreamEngine engine = null!;

    public async ValueTask InitializeAsync()
    {
        engine = Engine();
        var intake = engine.OpenIntake("test");
        for (var number = 0; number < 100; number++)
        {
            var code = $"H31-{number}";
            Accept(intake, CaseLines.Accepted(code, Unit, March));
            Accept(intake, number < 50 ? CaseLines.DoneOnline(code, March.AddHours(1)) : CaseLines.DoneAtTheCounter(code, March.AddHours(1)));
        }

        intake.Flush();
        Assert.Equal(200, intake.Counts.Accepted);
    }

    public async ValueTask DisposeAsync() => await engine.DisposeAsync();

    [Theory]
    [InlineData("year", "2026-03-01", "2026-11-26", 0.9, FigureState.Breach)]
    [InlineData("year", "2026-03-01", "2026-06-30", 0.1, FigureState.Ok)]
    [InlineData("year", null, "2026-11-26", 0.9, FigureState.Breach)]
    [InlineData("quarter", "2026-03-01", "2026-11-26", 0.1, FigureState.Ok)]
    [InlineData("month", "2026-03-31", "2026-11-26", 0.1, FigureState.Ok)]
    [InlineData("day", "2026-03-01", "2027-02-01", 0.1, FigureState.Ok)]
    [InlineData("year", "2026-12-31", "2030-01-01", 0.9, FigureState.Breach)]
    [InlineData("since:2026-01-01", null, "2026-06-30", 0.1, FigureState.Ok)]
    [InlineData("2026-01-01..2026-07-01", null, "2026-11-26", 0.9, FigureState.Breach)]
    public async Task ATarget_IsTheOneInForceOnThePeriodsLastDay_OrTodayIfThatIsEarlier(
        string period, string? on, string today, double target, FigureState state)
    {
        var answer = await AskAsync(Kpi, period, on, today);
        Assert.Equal((100, 50, target, state), (answer.Denominator, answer.Numerator, answer.Target, answer.State));
    }

    [Theory]
    [InlineData("since:9999-12-31")]
    [InlineData("since:2026-11-27")]
    [InlineData("2027-01-01..2027-12-31")]
    public async Task AVolumeOfAWindowThatHasNotBegun_IsNoBreach(string period)
    {
        var answer = await AskAsync("arisen", period, null, "2026-11-26");
        Assert.Equal((0, null, FigureState.None), (answer.Denominator, answer.Target, answer.State));
    }

    [Fact]
    public async Task AVolumeOfAWindowThatBeginsToday_IsJudged() =>
        Assert.Equal(FigureState.Breach, (await AskAsync("arisen", "since:2026-11-26", null, "2026-11-26")).State);

    [Theory]
    [InlineData("30d")]
    [InlineData("since:2026-01-01")]
    [InlineData("2026-01-01..2026-02-01")]
    public void OnWithAPeriodThatSaysItselfWhenItIs_IsRefused(string period)
    {
        var (question, mistake) = FigureQuestion.Read(null, null, period, "2026-03-01", engine);
        Assert.Null(question);
        Assert.Contains("Leave 'on' out", mistake);
    }

    [Theory]
    [InlineData("day")]
    [InlineData("month")]
    [InlineData("quarter")]
    [InlineData("year")]
    public async Task TheFirstAndTheLastDayThereIs_AreAnsweredWithZeros(string period)
    {
        foreach (var day in (string[])["0001-01-01", "9999-12-31"])
        {
            Assert.Equal(0, (await AskAsync(Kpi, period, day, "2026-11-26")).Denominator);
        }
    }

    private static StreamEngine Engine() => new(new EngineOptions
    {
        Rulebook = Shipped.Rulebook() with
        {
            Figures = [.. Shipped.Rulebook().Figures.Select(figure => figure.Id == Kpi ? figure with { Targets = [Low, High] } : figure)],
        },
        Directory = Shipped.Units("hungyen"),
        Sliding = [Period.TryParse("30d")!],
    });

    private async Task<FigureAnswer> AskAsync(string kpi, string period, string? on, string today)
    {
        var (question, mistake) = FigureQuestion.Read(kpi, Unit, period, on, engine);
        Assert.True(question is not null, mistake);
        var now = LocalTime.StartOfDay(LocalTime.DayOf(DateOnly.Parse(today)))
            + (LocalTime.MillisPerDay / 2);
        return Assert.Single((await question.AnswerAsync(engine, now, hasData: true, Page.First, CancellationToken.None)).Rows);
    }

    private static void Accept(Intake intake, string line) =>
        intake.Accept(Encoding.UTF8.GetBytes(line), new SourcePosition(0, 1), DecodeLimits.UnknownArrival);
}
