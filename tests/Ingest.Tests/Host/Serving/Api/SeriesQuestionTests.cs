using KpiStream.Engine.Boards;
using KpiStream.Engine.Reconciliation;
using KpiStream.Engine.Units;
using KpiStream.Ingest.Host.Serving.Api;
using KpiStream.Ingest.Host.Serving.Http;

namespace KpiStream.Ingest.Tests.Host.Serving.Api;

/// <summary>A series is what a recount says of each of its stretches, and what <c>/figures</c> says of the same range.</summary>
public sealed class SeriesQuestionTests(ITestOutputHelper output)
{
    private const int Seed = 1_407;

    private static readonly UnitDirectory Directory = Shipped.Units("hungyen");
    private static readonly string[] Steps = ["day", "week", "month", "quarter", "year"];

    [Fact]
    public async Task RandomStreams_GiveOfEveryUnitAndFigureTheNaiveCountsOfEachStretch()
    {
        output.WriteLine($"seed {Seed}");
        var random = new Random(Seed);
        for (var round = 0; round < 5; round++)
        {
            await using var engine = Engine();
            var (contributions, now) = Feed(engine, random);
            string[] known = [.. contributions.Select(one => one.Unit).Distinct().Order()];
            string[] units = ["VN", "33", known[random.Next(known.Length)], known[random.Next(known.Length)]];
            var figures = engine.Rules.Figures.Select(figure => figure.Definition.Id).ToList();
            var step = Steps[round];
            var last = LocalTime.DateOf(LocalTime.DayOf(now)).AddDays(random.Next(7));
            foreach (var unit in units)
            {
                var answer = await AskAsync(engine, figures, unit, step, 10, last, now);
                Assert.Equal(figures, answer.Series.Select(series => series.Kpi));
                var counted = Counted(contributions, unit, now);
                Assert.All(answer.Series, series => Assert.All(series.Points, point => MustBeCounted(engine, counted, series, point)));
                Assert.True(unit != "33" || answer.Series.Sum(series => series.Points.Sum(point => point.Denominator)) > 200, "this proves nothing");
            }
        }
    }

    [Fact]
    public async Task EveryPoint_IsTheFigureOfTheRangeFromTo()
    {
        await using var engine = Engine();
        var (_, now) = Feed(engine, new Random(Seed));
        string[] figures = ["fully_online", "received", ProcedureFigures.PaidNationally.Id];
        var answer = await AskAsync(engine, figures, "33", "week", 6, LocalTime.DateOf(LocalTime.DayOf(now)), now);
        foreach (var series in answer.Series)
        {
            foreach (var point in series.Points)
            {
                var (question, mistake) = FigureQuestion.Read(series.Kpi, "33", $"{point.From:yyyy-MM-dd}..{point.To:yyyy-MM-dd}", null, engine);
                Assert.True(question is not null, mistake);
                var row = Assert.Single((await question.AnswerAsync(engine, now, hasData: true, Page.First, CancellationToken.None)).Rows);
                Assert.Equal(
                    (row.Denominator, row.Numerator, row.Unobserved, row.Value, row.AtMost, row.Low, row.High, row.Target, row.Lapsed, row.State),
                    (point.Denominator, point.Numerator, point.Unobserved, point.Value, point.Most, point.Lo, point.Hi, point.Target, point.Lapsed,
                        point.State));
            }

            Assert.Contains(series.Points, static point => point.Denominator > 0);
        }

        Assert.All(answer.Series[1].Points, static point => Assert.Equal((null, null), (point.Numerator, point.Value)));
    }

    [Theory]
    [InlineData("day", "2026-03-01", "2026-02-27", "2026-02-28", "2026-03-01")]
    [InlineData("week", "2026-01-01", "2025-12-15", "2025-12-22", "2025-12-29")]
    [InlineData("week", "2026-03-01", "2026-02-09", "2026-02-16", "2026-02-23")] // a Sunday
    [InlineData("week", "2026-03-02", "2026-02-16", "2026-02-23", "2026-03-02")] // a Monday
    [InlineData("month", "2026-03-31", "2026-01-01", "2026-02-01", "2026-03-01")]
    [InlineData("quarter", "2026-03-31", "2025-07-01", "2025-10-01", "2026-01-01")]
    [InlineData("year", "2026-12-31", "2024-01-01", "2025-01-01", "2026-01-01")]
    public async Task Stretches_LieOneAfterAnother_UpToTheOneAskedFor(string step, string to, params string[] from)
    {
        await using var engine = Engine();
        var last = DateOnly.Parse(to);
        var points = (await AskAsync(engine, ["received"], "33", step, 3, last, NoonOf(last))).Series[0].Points;
        Assert.Equal(from, points.Select(static point => $"{point.From:yyyy-MM-dd}"));
        Assert.Equal([.. points.Skip(1).Select(static point => point.From)], points.Take(2).Select(static point => point.To.AddDays(1)));
        Assert.InRange(last, points[^1].From, points[^1].To);
        Assert.Equal([true, true, false], points.Select(static point => point.Closed));
    }

    [Fact]
    public async Task TheLongestSeries_IsAnsweredAtBothEndsOfTime()
    {
        await using var engine = Engine();
        foreach (var to in (string[])["2000-01-01", "2099-12-31"])
        {
            var last = DateOnly.Parse(to);
            foreach (var step in Steps)
            {
                var answer = await AskAsync(engine, ["received"], "33", step, SeriesQuestion.MostPoints, last, NoonOf(new DateOnly(2026, 3, 1)));
                var points = answer.Series[0].Points;
                Assert.Equal((SeriesQuestion.MostPoints, true), (points.Count, points[^1].From <= last && last <= points[^1].To));
            }
        }
    }

    [Theory]
    [InlineData("fully_onlin", "33", null, null, null, "did you mean 'fully_online'?")]
    [InlineData(null, "33", null, null, null, "Say which figure")]
    [InlineData("procedures_offered_online", "33", null, null, null, "no past")]
    [InlineData("procedures_paid_nationally", "11953", null, null, null, "counted per province")]
    [InlineData("received", "3l", null, null, null, "33 (Hưng Yên)")]
    [InlineData("received", "33", "weak", null, null, "did you mean 'week'?")]
    [InlineData("received", "33", "Week", null, null, "allowed: day, week, month, quarter, year")]
    [InlineData("received", "33", null, "0", null, "from 1 to 400")]
    [InlineData("received", "33", null, "401", null, "from 1 to 400")]
    [InlineData("received", "33", null, "1e2", null, "from 1 to 400")]
    [InlineData("received", "33", null, null, "2025-02-30", "no date")]
    [InlineData("received", "33", null, null, "1999-12-31", "2000 to 2099")]
    public async Task WhatIsNotUnderstood_IsRefusedWithTheNearest(string? kpi, string unit, string? step, string? count, string? to, string says)
    {
        await using var engine = Engine();
        var (question, mistake) = SeriesQuestion.Read(kpi is null ? [] : [kpi], unit, step, count, to, engine);
        Assert.Null(question);
        Assert.Contains(says, mistake);
    }

    private static StreamEngine Engine() => new(new EngineOptions { Rulebook = Shipped.Rulebook(), Directory = Directory, Shards = 3 });

    /// <summary>A part of the golden streams in any order, some of it twice, up to a now that leaves a part of it ahead.</summary>
    private static (List<NaiveContribution> Contributions, long Now) Feed(StreamEngine engine, Random random)
    {
        byte[][] lines = [.. GoldenFiles.Lines("ordinary").Concat(GoldenFiles.Lines("mixed")).Where(_ => random.Next(4) == 0)];
        lines = [.. lines, .. lines.Where(_ => random.Next(5) == 0)];
        random.Shuffle(lines);
        var codes = new CodeBook();
        var recount = new NaiveRecount(codes, engine.Options.Rulebook, Directory);
        var decoder = new EventDecoder(codes, PseudonymKey.Fixed, DecodeLimits.Default);
        var intake = engine.OpenIntake("test");
        foreach (var line in lines)
        {
            intake.Accept(line, new SourcePosition(0, 1), DecodeLimits.UnknownArrival);
            if (decoder.Decode(line, DecodeLimits.UnknownArrival, out var decoded).IsAccepted)
            {
                recount.Add(in decoded);
            }
        }

        intake.Flush();
        var contributions = recount.Contributions.ToList();
        var seconds = contributions.Select(static one => one.Second).Order().ToList();
        return (contributions, seconds[seconds.Count * random.Next(30, 90) / 100] * LocalTime.MillisPerSecond);
    }

    private static async Task<SeriesAnswer> AskAsync(
        StreamEngine engine, IReadOnlyList<string> kpis, string unit, string step, int count, DateOnly to, long now)
    {
        var (question, mistake) = SeriesQuestion.Read(kpis, unit, step, $"{count}", $"{to:yyyy-MM-dd}", engine);
        Assert.True(question is not null, mistake);
        return await question.AnswerAsync(engine, now, hasData: true, CancellationToken.None);
    }

    private static long NoonOf(DateOnly day) => LocalTime.StartOfDay(LocalTime.DayOf(day)) + (LocalTime.MillisPerDay / 2);

    private static ILookup<string, (DateOnly Day, Outcome Outcome)> Counted(List<NaiveContribution> all, string unit, long now) => all
        .Where(one => one.Second <= LocalTime.SecondOf(now) && Directory.IsAtOrBelow(one.Unit, unit))
        .ToLookup(static one => one.Figure, static one => (LocalTime.DateOf(LocalTime.DayOfSecond(one.Second)), one.Outcome));

    private static void MustBeCounted(
        StreamEngine engine, ILookup<string, (DateOnly Day, Outcome Outcome)> counted, FigureSeries series, SeriesPoint point)
    {
        var within = counted[series.Kpi].Where(one => one.Day >= point.From && one.Day <= point.To).Select(static one => one.Outcome).ToList();
        var isVolume = engine.Rules.Figures.Single(figure => figure.Definition.Id == series.Kpi).Definition.IsVolume;
        long? Of(Outcome outcome) => isVolume ? null : within.LongCount(one => one == outcome);
        Assert.Equal((within.Count, Of(Outcome.Counted), Of(Outcome.Unobserved)), (point.Denominator, point.Numerator, point.Unobserved));
    }
}
