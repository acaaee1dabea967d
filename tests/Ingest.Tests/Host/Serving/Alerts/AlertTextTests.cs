using KpiStream.Engine.Alerts;
using KpiStream.Ingest.Host.Serving.Alerts;

namespace KpiStream.Ingest.Tests.Host.Serving.Alerts;

public sealed class AlertTextTests
{
    private const long At = 1_752_598_800_250;

    private static readonly AlertText Text = new(Shipped.Rulebook(), Shipped.Units("hungyen"));
    private static readonly LowVolumeRule Low = AlertSettings.DefaultLowVolume;
    private static readonly BelowTargetRule Below = AlertSettings.DefaultBelowTarget;

    [Theory]
    [InlineData(AlertState.Firing, "CẢNH BÁO: phường Phố Hiến (11953): 12 hồ sơ từ ngày 01/7/2025 đến hết ngày 15/7/2025, "
        + "dưới mức 50 hồ sơ")]
    [InlineData(AlertState.Pending, "CHỜ XÁC NHẬN: phường Phố Hiến (11953): 12 hồ sơ từ ngày 01/7/2025 đến hết ngày 15/7/2025, "
        + "dưới mức 50 hồ sơ")]
    [InlineData(AlertState.Resolved, "ĐÃ HẾT CẢNH BÁO: phường Phố Hiến (11953): 12 hồ sơ từ ngày 01/7/2025 đến hết ngày "
        + "15/7/2025, mức tối thiểu là 50 hồ sơ")]
    public void LowVolume_IsSaidInVietnamese(AlertState state, string line) =>
        Assert.Equal(line, Text.Line(Change(Low, "11953", state, 12, null, null)));

    [Theory]
    [InlineData(AlertState.Firing,
        "CẢNH BÁO: xã Tân Hưng (11977): Tỷ lệ hồ sơ trực tuyến toàn trình trong 30 ngày gần nhất đạt 50,0 % (1.000/2.000), "
            + "thấp hơn chỉ tiêu 70 %")]
    [InlineData(AlertState.Inactive,
        "KHÔNG THÀNH CẢNH BÁO: xã Tân Hưng (11977): Tỷ lệ hồ sơ trực tuyến toàn trình trong 30 ngày gần nhất đạt 50,0 % "
            + "(1.000/2.000), chỉ tiêu 70 %")]
    public void BelowTarget_IsSaidInVietnamese(AlertState state, string line) =>
        Assert.Equal(line, Text.Line(Change(Below, "11977", state, 2_000, 1_000, 0.7)));

    /// <summary>The last days of a long window are not settled yet and left out: the counts are not the board's, and the text says up to when.</summary>
    [Theory]
    [InlineData("30d", "trong 30 ngày gần nhất (tính đến hết ngày 13/7/2025)", "in the last 30 days (to the end of 13 Jul 2025)")]
    [InlineData("month", "trong tháng (tính đến hết ngày 13/7/2025)", "in the month (to the end of 13 Jul 2025)")]
    [InlineData("2025-07-01..2025-07-15", "từ ngày 01/7/2025 đến hết ngày 15/7/2025 (tính đến hết ngày 13/7/2025)",
        "from 1 Jul 2025 to the end of 15 Jul 2025 (to the end of 13 Jul 2025)")]
    [InlineData("since:2025-07-01", "từ ngày 01/7/2025 đến hết ngày 13/7/2025", "from 1 Jul 2025 to the end of 13 Jul 2025")]
    [InlineData("2025-07-01..2025-07-13", "từ ngày 01/7/2025 đến hết ngày 13/7/2025", "from 1 Jul 2025 to the end of 13 Jul 2025")]
    public void DaysThatAreNotSettled_AreSaidToBeLeftOut(string period, string vietnamese, string english)
    {
        var rule = Below with { Over = Period.TryParse(period)! };
        var settled = LocalTime.StartOfDay(LocalTime.DayOf(new DateOnly(2025, 7, 14)));
        var alert = Change(rule, "11977", AlertState.Firing, 2_000, 1_000, 0.7).Alert with { Evidence = new() { Count = 900, Of = 1_800, To = settled } };
        var words = new VietnameseWords(Shipped.Rulebook(), Shipped.Units("hungyen"));
        Assert.Equal(vietnamese, words.Span(alert));
        Assert.Equal(english, new EnglishWords(Shipped.Rulebook(), Shipped.Units("hungyen")).Span(alert));
        Assert.DoesNotContain("(", words.Span(alert with { Evidence = alert.Evidence with { To = At } }));
    }

    /// <summary>What resolves has been read again and was clear: it no longer says what it fired for.</summary>
    [Theory]
    [InlineData(AlertState.Firing, 60_000, "không có bản ghi mới từ", "gives no record since")]
    [InlineData(AlertState.Resolving, 60_000, "đã có bản ghi mới", "gives records again")]
    [InlineData(AlertState.Resolved, 60_000, "đã có bản ghi mới", "gives records again")]
    [InlineData(AlertState.Resolved, SilentPartitionRule.GoneMillis + 60_000, "bản ghi mới, không chờ nữa", "no longer waited for")]
    public void APartition_SaysWhatIsTrueThen(AlertState state, long silence, string vietnamese, string english) =>
        Says(Change(new SilentPartitionRule { Figure = "" }, "ho-so/3", state, 0, null, null).Alert with
        {
            Evidence = new() { Count = 0, Of = 40, Expected = 12, From = At - silence, To = At },
        }, vietnamese, english);

    /// <summary>At night a rule does not change its mind, and the days it counts go on.</summary>
    [Theory]
    [InlineData(AlertState.Firing, 180, "quá hạn tăng thêm 32", "32 more overdue cases")]
    [InlineData(AlertState.Firing, 215, "quá hạn không còn tăng", "no longer grow")]
    [InlineData(AlertState.Resolving, 210, "quá hạn không còn tăng", "no longer grow")]
    public void Growth_SaysWhatIsTrueThen(AlertState state, long ended, string vietnamese, string english) =>
        Says(Change(new GrowthRule { Figure = "due_on_time", Ended = "on_time", IsOverdue = true }, "11953", state, 0, null, null).Alert with
        {
            Evidence = new() { Count = ended, Of = 212, From = At - (14 * LocalTime.MillisPerDay), To = At },
        }, vietnamese, english);

    [Fact]
    public void ARatioThatResolves_IsNotBelowItsTarget()
    {
        var resolving = Change(Below, "11977", AlertState.Resolving, 2_000, 1_500, 0.7).Alert;
        Says(resolving, "đạt 75,0 % (1.500/2.000), chỉ tiêu 70 %", "75.0 % (1,500 of 2,000), target 70 %");
    }

    [Fact]
    public void UnknownUnitWithLineBreak_StaysOnOneLine() =>
        Assert.StartsWith("CẢNH BÁO: đơn vị chưa rõ (a b): 1 hồ sơ", Text.Line(Change(Low, "a\nb", AlertState.Firing, 1, null, null)));

    [Theory]
    [InlineData("24h", "trong 24 giờ gần nhất")]
    [InlineData("1d", "trong 24 giờ gần nhất")]
    [InlineData("7d", "trong 7 ngày gần nhất")]
    [InlineData("quarter", "trong quý")]
    [InlineData("since:2025-02-28", "từ ngày 28/02/2025 đến nay")]
    public void Period_IsSaidInVietnamese(string period, string expected) => Assert.Equal(expected, VietnameseText.Span(Period.TryParse(period)!));

    [Theory]
    [InlineData(6_999, 10_000, "69,9 %")]
    [InlineData(7, 10, "70,0 %")]
    [InlineData(1, 1, "100,0 %")]
    [InlineData(0, 3, "0,0 %")]
    public void Percent_IsCutNotRounded(long numerator, long denominator, string expected) =>
        Assert.Equal(expected, VietnameseText.Percent(numerator, denominator));

    [Theory]
    [InlineData(0.7, "70 %")]
    [InlineData(0.666, "66,6 %")]
    [InlineData(1, "100 %")]
    public void Target_IsWrittenShort(double ratio, string expected) => Assert.Equal(expected, VietnameseText.Target(ratio));

    private static void Says(Alert alert, string vietnamese, string english)
    {
        Assert.Contains(vietnamese, Text.Finding(alert));
        Assert.Contains(english, Text.FindingInEnglish(alert));
    }

    private static AlertTransition Change(AlertRule rule, string unit, AlertState state, long denominator, long? numerator, double? target)
    {
        var reading = new AlertReading(rule, unit, denominator, numerator, target, HasData: true);
        return new AlertTransition(new Alert(rule, unit, state, At, At, null, reading, IsMissing: false), AlertState.Pending, At);
    }
}
