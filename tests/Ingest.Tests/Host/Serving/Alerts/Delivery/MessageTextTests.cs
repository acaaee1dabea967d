using KpiStream.Engine.Alerts;
using KpiStream.Ingest.Host.Serving.Alerts.Delivery;

namespace KpiStream.Ingest.Tests.Host.Serving.Alerts.Delivery;

/// <summary>
/// Every kind's message in both languages, word for word (<c>messages.txt</c>, proof-read): what a duty officer reads. A change of a text is a change of that
/// file: set KPISTREAM_WRITE_MESSAGES=1 to write it anew.
/// </summary>
public sealed class MessageTextTests
{
    private const long At = Samples.Morning;
    private const string Golden = "tests/Ingest.Tests/Host/Serving/Alerts/Delivery/messages.txt";
    private const string PhoHien = "11953";

    private static readonly NotificationWriter Writer = new(Shipped.Rulebook(), Shipped.Units("hungyen"), new Uri("https://kpi.example.vn/"));

    [Fact]
    public void EveryKind_IsSaidAsProofRead()
    {
        var text = string.Join("\n\n", All().SelectMany(static one => new[] { MessageLanguage.Vi, MessageLanguage.En }
            .Select(language => $"### {one.Name}, {language}\nSubject: {one.Message.Text(language).Subject}\n{MessagePage.Text(one.Message, language)}")))
                + "\n";
        var path = Path.Combine(RepositoryRoot.Path, Golden);
        if (Environment.GetEnvironmentVariable("KPISTREAM_WRITE_MESSAGES") is "1")
        {
            File.WriteAllText(path, text);
        }

        TextAssert.SameLines(File.ReadAllText(path), text);
    }

    [Fact]
    public void Subjects_AreShortAndEverythingIsOnItsLine()
    {
        var far = Shipped.Units("hungyen").Rows.MaxBy(static row => row.FullName.Length)!;
        foreach (var kind in Enum.GetValues<AlertKind>())
        {
            foreach (var state in new[] { AlertState.Firing, AlertState.Resolved })
            {
                var alert = Of(new Stated(kind, "fully_online"), "a\nb\u2028" + new string('c', 300), new AlertEvidence { Count = 1, Of = 2 }, state);
                foreach (var message in new[] { Write(alert), Write(alert with { Unit = far.Code }) })
                {
                    foreach (var text in new[] { message.Vi, message.En })
                    {
                        Assert.InRange(text.Subject.Length, 10, MessageText.LongestSubject);
                        Assert.DoesNotContain(text.Facts.Select(static fact => fact.Value).Append(text.Line).Append(text.Subject), static line =>
                            line.Any(char.IsControl));
                    }
                }
            }
        }
    }

    /// <summary>Links lead to a view that the board has, of a figure that the rulebook has.</summary>
    [Fact]
    public void Links_LeadToTheViewOfWhy()
    {
        var rule = new Stated(AlertKind.Ratio, "fully_online");
        Assert.Equal("https://kpi.example.vn/board?screen=why&figure=fully_online&unit=11953&period=30d", Write(Of(rule, PhoHien)).Link);
        Assert.Equal("https://kpi.example.vn/board?screen=figures&unit=11953", Write(Of(rule with { Figure = "overdue" }, PhoHien)).Link);
        Assert.Equal("https://kpi.example.vn/board?screen=alerts", Write(Of(new Stated(AlertKind.Source, ""), "igate")).Link);
        Assert.Equal("https://kpi.example.vn/board?screen=alerts", Write(Of(rule, PhoHien), Of(rule, "11977")).Link);
        Assert.Null(new NotificationWriter(Shipped.Rulebook(), Shipped.Units("hungyen"), null).Test(0).Link);
    }

    private static IEnumerable<(string Name, DeliveryMessage Message)> All()
    {
        var ratio = new BelowTargetRule { Figure = "fully_online", Over = Period.TryParse("30d")!, MinCount = 20, Grade = AlertGrade.Alarm };
        var low = Of(ratio, PhoHien, Ratio(5, 25, 3) with { Low = 0.089, High = 0.391, Chance = 0.0000004 });
        yield return ("ratio", Write(low));
        yield return ("ratio over", Write(low with { State = AlertState.Resolved, ResolvedAt = At + 5_400_000, Evidence = Ratio(80, 110, 0) }));
        yield return ("ratio reminder, missing", Write(low with { IsMissing = true }, NotificationReason.Reminder));
        var others = Shipped.Units("hungyen").Rows.Where(static row => row.IsCommune).Take(40).Select((row, i) =>
            Of(ratio, row.Code, Ratio(i, 50 + i, 0))).ToList();
        yield return ("ratio of many", Writer.Write(Notification([.. others]) with { Most = 43, HeldBackSince = At - 3_600_000 }, others));
        yield return ("ratio fallen", Write(Of(new RatioDropRule { Figure = "on_time" }, PhoHien,
            Ratio(48, 80, 0) with { Expected = 64, Low = 0.49, High = 0.7, Chance = 0.0034, From = Day(7), To = At })));
        var month = Ratio(1_091, 1_600, 12) with { From = LocalTime.StartOfDay(LocalTime.DayOf(new DateOnly(2025, 6, 1))), To = Day(1) };
        yield return ("official breach", Write(Of(new OfficialBreachRule { Figure = "fully_online" }, PhoHien, month)));
        yield return ("low volume", Write(Of(AlertSettings.DefaultLowVolume, PhoHien, new AlertEvidence { Count = 12, Target = 50 },
            grade: AlertGrade.Report)));
        yield return ("pace", Write(Of(new PaceRule { Figure = "arisen", Grade = AlertGrade.Alarm }, PhoHien,
            new AlertEvidence { Count = 31, Expected = 62.4, Low = 35, High = 97, Chance = 0.012, From = Day(10), To = Day(15) })));
        yield return ("silence", Write(Of(new SilenceRule { Figure = "arisen" }, PhoHien,
            new AlertEvidence { Count = 0, Expected = 17.5, Low = 9, High = 28, Chance = 0.0181, From = Day(14), To = At })));
        var advised = new SilenceRule { Figure = "arisen", Advice = "Gọi bà Hà, máy lẻ 112.", AdviceEn = "Call Ms Hà." };
        yield return ("silence, with the rule's own advice", Write(Of(advised, PhoHien,
            new AlertEvidence { Count = 0, Expected = 17.5, Low = 9, High = 28, Chance = 0.0181, From = Day(14), To = At })));
        yield return ("silence over a day that is only expected", Write(Of(new SilenceRule { Figure = "arisen" }, PhoHien, new AlertEvidence
        {
            Count = 0,
            Expected = 17.5,
            Chance = 0.0181,
            From = Day(14),
            To = At,
            ExpectedDays = [new(new DateOnly(2025, 7, 14), false) { Name = "bão số 2" }],
        })));
        var grown = new AlertEvidence { Count = 1_204, Expected = 800, Chance = 0.06 };
        yield return ("backlog", Write(Of(new Stated(AlertKind.Backlog, "handled"), PhoHien, grown)));
        var more = new AlertEvidence { Count = 120, Of = 212, Expected = 212, Low = 0.45, High = 0.71, Chance = 2e-7, From = Day(1), To = Day(15) };
        var growth = new GrowthRule { Figure = "synced", Ended = "handled" };
        yield return ("waiting cases grow", Write(Of(growth, PhoHien, more)));
        yield return ("waiting cases grow no longer", Write(Of(growth, PhoHien, more with { Count = 209 }, AlertState.Resolved)));
        yield return ("overdue cases grow", Write(Of(growth with { IsOverdue = true, Figure = "due_on_time", Ended = "on_time" }, PhoHien, more)));
        yield return ("copies", Write(Of(new Stated(AlertKind.Copies, "same_day_copies"), PhoHien, Ratio(70, 100, 0) with { Target = 1, Chance = 0.0009 })));
        yield return ("source", Write(Of(new Stated(AlertKind.Source, ""), "igate-hungyen")));
        yield return ("silent partition", Write(Of(new SilentPartitionRule { Figure = "" }, "ho-so/3", new AlertEvidence
        {
            Count = 0,
            Of = 2_410,
            Expected = 219.1,
            Chance = 1e-9,
            From = At - 5_400_000,
            To = At,
        })));
        var since = LocalTime.DayOf(new DateOnly(2025, 7, 15));
        yield return ("source that states keys no longer", Write(Of(new DroppedKeysRule { Figure = "" }, "igate-hungyen", new AlertEvidence
        {
            Keys = [new("channel", 48_012, 48_020, 3, 1_204, since, 1e-90), new("result", 46_000, 48_020, 0, 1_204, since, 1e-117)],
        })));
        var check = new SelfCheckRule
        {
            Figure = "fully_online",
            Day = new DateOnly(2025, 7, 14),
            CountedDenominator = 120,
            CountedNumerator = 84,
            Grade = AlertGrade.Critical,
        };
        yield return ("self-check", Write(Of(check, PhoHien, null) with { Reading = new AlertReading(check, PhoHien, 119, 84, 0.7, HasData: true) }));
        var board = new SilentBoardRule { Figure = "", Board = "hall-1", Address = "10.1.2.3", PaintedAt = At - 600_000 };
        yield return ("board", Write(Of(board, "33", null)));
        yield return ("test", Writer.Test(At));
    }

    private static AlertEvidence Ratio(long count, long of, long unobserved) => new() { Count = count, Of = of, Unobserved = unobserved, Target = 0.7 };

    private static long Day(int day) => LocalTime.StartOfDay(LocalTime.DayOf(new DateOnly(2025, 7, day)));

    private static DeliveryMessage Write(Alert alert, NotificationReason reason = NotificationReason.Fired) =>
        Writer.Write(Notification(alert) with { Reason = reason }, [alert]);

    private static DeliveryMessage Write(Alert one, Alert other) => Writer.Write(Notification(one, other), [one, other]);

    private static AlertNotification Notification(params Alert[] alerts) => new()
    {
        Key = alerts[0].Cause,
        Order = 1,
        Reason = NotificationReason.Fired,
        State = alerts[0].State == AlertState.Resolved ? AlertState.Resolved : AlertState.Firing,
        Grade = alerts.Max(static alert => alert.Rule.Grade),
        Cause = alerts[0].Cause,
        Alerts = alerts,
        Count = alerts.Length,
        Most = alerts.Length,
        Since = At,
        At = At + 10_000,
    };

    private static Alert Of(
        AlertRule rule, string unit, AlertEvidence? evidence = null, AlertState state = AlertState.Firing, AlertGrade? grade = null)
    {
        rule = grade is { } given ? rule with { Grade = given } : rule;
        var reading = new AlertReading(rule, unit, evidence?.Of ?? evidence?.Count ?? 0, evidence?.Of is null ? null : evidence.Count, evidence?.Target,
            HasData: true);
        var ended = state == AlertState.Resolved ? At + 60_000 : (long?)null;
        return new Alert(rule, unit, state, At - 600_000, At, ended, reading, IsMissing: false) { Evidence = evidence };
    }

    /// <summary>A rule of any kind.</summary>
    private sealed record Stated : AlertRule
    {
        private readonly AlertKind kind;

        [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
        public Stated(AlertKind kind, string figure) => (this.kind, Figure, Grade) = (kind, figure, AlertGrade.Alarm);

        public override AlertKind Kind => kind;

        public override Period Period => Period.TryParse("30d")!;

        protected override string OwnId => $"stated:{kind}:{Figure}";

        public override Judgement Judge(in AlertReading reading, long now) => Judgement.Clear;
    }
}
