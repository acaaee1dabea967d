using KpiStream.Engine.Alerts;

namespace KpiStream.Ingest.Host.Serving.Alerts;

/// <summary>Alerts in Vietnamese, as an office writes it (Nghị định 30/2020/NĐ-CP for days and numbers).</summary>
public sealed class VietnameseWords(Rulebook rulebook, UnitDirectory units)
    : AlertWords(rulebook.Figures.ToDictionary(static figure => figure.Id, static figure => figure.NameVi), units)
{
    private static readonly string[] AdviceWhenOver = ["Không phải làm gì thêm; ghi lại nguyên nhân nếu đã rõ."];

    public override FactLabels Labels { get; } = new()
    {
        What = "Nội dung",
        Unit = "Đơn vị",
        Source = "Nguồn",
        Board = "Màn hình",
        Firing = "Số lượng",
        Since = "Bắt đầu",
        Ended = "Hết lúc",
        Lasted = "Kéo dài",
        Counted = "Số liệu",
        Unobserved = "trong đó {0} hồ sơ chưa đủ thông tin để kết luận",
        Target = "Chỉ tiêu",
        Expected = "Thường lệ",
        Least = "Mức tối thiểu",
        Interval = "Khoảng tin cậy 95 %",
        UsualRange = "Thường lệ trong 95 % trường hợp",
        Sureness = "Mức chắc chắn",
        BySource = "Hồ sơ theo nguồn",
        Note = "Lưu ý",
        Over = "Đã hết",
        Reminder = "Nhắc lại",
        AtMost = "{0}, lúc nhiều nhất {1}",
        Missing = "hiện không có số liệu mới, trạng thái được giữ nguyên",
        HeldBack = "tin này lẽ ra gửi lúc {0}, được hoãn vì đã đủ số tin trong ngày",
        Test = "Thử đường gửi cảnh báo của KpiStream, không cần xử lý.",
        TestAdvice = "Nhận được tin này nghĩa là đường gửi hoạt động.",
        Between = "{0} đến {1}",
    };

    protected override string UnknownUnit => "đơn vị chưa rõ";

    public override string Title(AlertKind kind) => kind switch
    {
        AlertKind.Ratio => "tỷ lệ dưới chỉ tiêu",
        AlertKind.OfficialBreach => "tháng đã kết thúc chưa đạt chỉ tiêu",
        AlertKind.LowVolume => "ít phát sinh hồ sơ",
        AlertKind.Pace => "hồ sơ giảm so với thường lệ",
        AlertKind.Silence => "không có hồ sơ mới",
        AlertKind.Backlog => "hồ sơ tồn đọng tăng",
        AlertKind.Copies => "chứng thực bản sao không trả trong ngày",
        AlertKind.Source => "nguồn dữ liệu gặp sự cố",
        AlertKind.SelfCheck => "số liệu không khớp với nhật ký",
        _ => "màn hình không hoạt động",
    };

    public override string Grade(AlertGrade grade) => grade switch
    {
        AlertGrade.Report => "Báo cáo",
        AlertGrade.Watch => "Theo dõi",
        AlertGrade.Alarm => "Cảnh báo",
        _ => "Khẩn cấp",
    };

    public override string Number(AlertKind kind, int count) => $"{Count(count)} " + kind switch
    {
        AlertKind.Source => "nguồn",
        AlertKind.Board => "màn hình",
        AlertKind.SelfCheck => "số liệu",
        _ => "đơn vị",
    };

    public override string Sureness(Alert alert) => alert.Evidence?.Chance is not { } chance
        ? alert.Rule.Kind is AlertKind.Source or AlertKind.Board ? "chắc chắn: ghi nhận trực tiếp"
            : "chắc chắn: đếm trực tiếp, không ước lượng"
        : $"{Sure(chance)}: nếu đơn vị vẫn bình thường, khả năng thấy kết quả như vậy hoặc kém hơn "
            + $"{(alert.Rule.Kind == AlertKind.Silence ? "trong một năm " : "")}"
            + $"là {Likelihood(chance)}";

    protected override string? AdviceOf(AlertRule rule) => rule.Advice;

    public override IReadOnlyList<string> Advice(AlertKind kind, bool isOver) => isOver ? AdviceWhenOver : kind switch
    {
        AlertKind.Ratio =>
        [
            "Mở liên kết bên dưới, xem hồ sơ không đạt thiếu điều kiện nào nhiều nhất.",
            "Trao đổi với bộ phận Một cửa của đơn vị; nếu do chưa cập nhật hệ thống thì đề nghị cập nhật.",
        ],
        AlertKind.OfficialBreach =>
        [
            "Đưa đơn vị vào báo cáo tháng theo quyết định giao chỉ tiêu.",
            "Mở liên kết bên dưới, gửi kèm các điều kiện thiếu nhiều nhất khi đề nghị đơn vị giải trình.",
        ],
        AlertKind.LowVolume =>
        [
            "Đưa đơn vị vào danh sách báo cáo.",
            "Kiểm tra đơn vị có tiếp nhận hồ sơ trên giấy hoặc trên hệ thống của bộ, ngành mà chưa đồng bộ hay không.",
        ],
        AlertKind.Pace =>
        [
            "Hỏi đơn vị: mất mạng, thiếu người, nghỉ đột xuất, hay người dân nộp ở nơi khác.",
            "Kiểm tra hồ sơ có chuyển sang hệ thống của bộ, ngành hay không; nếu đơn vị nghỉ thì ghi vào lịch.",
        ],
        AlertKind.Silence =>
        [
            "Gọi đơn vị, hỏi có tiếp nhận được hồ sơ không: điện, mạng, tài khoản, phần mềm.",
            "Nếu đơn vị nghỉ, ghi ngày nghỉ vào lịch để không báo lại.",
        ],
        AlertKind.Backlog =>
        [
            "Mở liên kết bên dưới, xem hồ sơ quá hạn và sắp đến hạn.",
            "Đề nghị đơn vị bố trí người giải quyết; với hồ sơ đã quá hạn, xin lỗi và hẹn lại ngày trả kết quả "
                + "theo quy định.",
        ],
        AlertKind.Copies =>
        [
            "Hỏi đơn vị vì sao bản sao chứng thực chưa trả trong ngày.",
            "Nhắc quy định: tiếp nhận trước 15 giờ thì trả ngay trong ngày làm việc (Nghị định 23/2015/NĐ-CP, Điều 7).",
        ],
        AlertKind.Source =>
        [
            "Kiểm tra kết nối và hệ thống của nguồn này, báo đơn vị quản lý nguồn.",
            "Trong khi nguồn không có dữ liệu, cảnh báo về các đơn vị lấy số liệu từ nguồn này được giữ nguyên.",
        ],
        AlertKind.SelfCheck =>
        [
            "Không dùng số liệu này để báo cáo cho đến khi có kết luận.",
            "Báo ngay đơn vị vận hành; giữ nguyên nhật ký và trạng thái của máy chủ.",
        ],
        _ =>
        [
            "Kiểm tra tại chỗ: nguồn điện, mạng, trình duyệt của màn hình.",
            "Nếu màn hình không dùng nữa, đề nghị đơn vị vận hành bỏ khỏi danh sách.",
        ],
    };

    public override string Cases(double count) => $"{Count(count)} hồ sơ";

    public override string Count(double count) => count == Math.Floor(count) ? VietnameseText.Count((long)count) : VietnameseText.Tenths(count);

    public override string Percent(long numerator, long denominator) => VietnameseText.Percent(numerator, denominator);

    public override string Percent(double ratio) => $"{VietnameseText.Tenths(ratio * 100)} %".Replace(",0 %", " %");

    public override string Instant(long millis) => $"{VietnameseText.Hour(millis)} ngày {Day(millis)}";

    public override string Expected(IReadOnlyList<CalendarDay> days) => ExpectedDays.InVietnamese(days);

    public override string Duration(long millis) => VietnameseText.Duration(millis);

    public override string Span(Alert alert)
    {
        if (alert.Rule.Kind == AlertKind.OfficialBreach && alert.Evidence?.From is { } month)
        {
            var first = LocalTime.DateOf(LocalTime.DayOf(month));
            return $"trong tháng {(first.Month <= 2 ? $"{first:MM}" : $"{first.Month}")}/{first.Year}";
        }

        if (alert.Rule.Period.Kind is not PeriodKind.Day || alert.Evidence is not { From: { } from, To: { } to })
        {
            var span = VietnameseText.Span(alert.Rule.Period);
            return SettledEnd(alert) is not { } end ? span
                : alert.Rule.Period is { Kind: PeriodKind.Since, From: var first } ? $"từ ngày {VietnameseText.Day(first)} đến hết ngày {Day(end - 1)}"
                : $"{span} (tính đến hết ngày {Day(end - 1)})";
        }

        return LocalTime.StartOfDay(LocalTime.DayOf(to)) == to
            ? $"từ ngày {Day(from)} đến hết ngày {Day(to - 1)}" : $"từ ngày {Day(from)} đến {Instant(to)}";
    }

    protected override string Source(string name) => $"nguồn {name}";

    protected override string Board(string name) => $"màn hình {name}";

    protected override string Clause(Alert alert, bool isBad) => alert.Rule.Kind switch
    {
        AlertKind.LowVolume => LowVolume(alert, isBad),
        AlertKind.Pace => Pace(alert, isBad),
        AlertKind.Silence => isBad ? $"không có hồ sơ nào {Span(alert)}{Usual(alert, ", thường lệ khoảng {0} hồ sơ")}"
            : "đã có hồ sơ mới",
        AlertKind.Backlog when alert.Rule is GrowthRule rule => Growth(alert, rule, isBad),
        AlertKind.Backlog => Backlog(alert, isBad),
        AlertKind.Source when alert.Rule is SilentPartitionRule => Partition(alert, isBad),
        AlertKind.Source when alert.Rule is DroppedKeysRule => Dropped(alert, isBad),
        AlertKind.Source => isBad ? $"không có dữ liệu mới, chậm, hoặc bị từ chối nhiều hơn bình thường{Held(alert)}"
            : "đã hoạt động lại bình thường",
        AlertKind.SelfCheck when alert.Rule is SelfCheckRule check => SelfCheck(alert, check, isBad),
        AlertKind.Board when alert.Reading.Rule is SilentBoardRule board => SilentBoard(board, isBad),
        _ => Ratio(alert, isBad),
    };

    protected override string BriefClause(Alert alert) => alert.Rule.Kind switch
    {
        AlertKind.LowVolume => $"{Count(Counts(alert).Count)} hồ sơ",
        AlertKind.Backlog when Grown(alert) is { } more => $"thêm {Count(more)} hồ sơ ({Count(Counts(alert).Of ?? 0)} − {Count(Counts(alert).Count)})",
        AlertKind.Pace or AlertKind.Backlog or AlertKind.Silence => $"{Cases(Counts(alert).Count)}{Usual(alert, ", thường lệ khoảng {0}")}",
        AlertKind.Ratio or AlertKind.OfficialBreach or AlertKind.Copies when Counts(alert) is (var count, > 0 and var of, _) =>
            $"{Percent(count, of)} ({Count(count)}/{Count(of)})",
        _ => Clause(alert, IsBad(alert)),
    };

    private static string Day(long millis) => VietnameseText.Day(LocalTime.DateOf(LocalTime.DayOf(millis)));

    private static string Sure(double chance) => chance switch
    {
        < 0.001 => "gần như chắc chắn",
        < 0.01 => "rất chắc chắn",
        < 0.05 => "khá chắc chắn",
        _ => "chưa chắc chắn",
    };

    private static string Likelihood(double chance) => chance < 0.001 ? "dưới 0,1 %" : $"{VietnameseText.Tenths(Math.Ceiling(chance * 1_000) / 10)} %";

    private static string SilentBoard(SilentBoardRule board, bool isBad) =>
        isBad ? $"màn hình im lặng: {board.Address} (mã {board.Board}), vẽ lần cuối lúc {VietnameseText.Hour(board.PaintedAt)}"
            : board.IsDismissed ? $"màn hình {board.Address} (mã {board.Board}) đã bỏ khỏi danh sách"
            : $"màn hình {board.Address} (mã {board.Board}) đã hoạt động lại";

    private string Partition(Alert alert, bool isBad) => !isBad && IsGivenUp(alert)
        ? "phân vùng này một tuần không có bản ghi mới, không chờ nữa"
        : !isBad ? "phân vùng này đã có bản ghi mới"
        : "phân vùng này không có bản ghi mới" + (alert.Evidence is { From: { } from, Of: { } of, Expected: { } expected }
            ? $" từ {Instant(from)}, trong khi các phân vùng khác của chủ đề có {Count(of)} bản ghi; "
                + $"thường lệ phải có khoảng {Count(Math.Round(expected))}"
            : "");

    private string Held(Alert alert) => alert.Evidence?.Held is not { Count: > 0 } held ? ""
        : $"; cảnh báo của {Count(held.Count)} đơn vị lấy số liệu từ nguồn này được giữ nguyên: "
            + string.Join(", ", held.First.Select(UnitName))
            + (held.Count > held.First.Count ? $" và {Count(held.Count - held.First.Count)} đơn vị khác" : "");

    private string Dropped(Alert alert, bool isBad) => !isBad || alert.Evidence?.Keys is not [_, ..] keys
        ? "gửi đủ thông tin như trong tháng trước đó"
        : "không còn gửi thông tin " + string.Join(", ", keys.Take(MostKeys).Select(key =>
            $"{key.Key} (trước ngày {VietnameseText.Day(LocalTime.DateOf(key.Since))} có trong {Percent(key.StatedBefore, key.EventsBefore)} "
                + $"sự kiện, từ ngày đó chỉ có trong {Percent(key.Stated, key.Events)} của {Count(key.Events)} sự kiện)"))
            + (keys.Count > MostKeys ? $" và {keys.Count - MostKeys} thông tin khác" : "");

    private string LowVolume(Alert alert, bool isBad)
    {
        var least = TargetOf(alert) is { } target ? Count(target) : "";
        return $"{Count(Counts(alert).Count)} hồ sơ {Span(alert)}, "
            + $"{(isBad ? $"dưới mức {least} hồ sơ" : $"mức tối thiểu là {least} hồ sơ")}";
    }

    private string Pace(Alert alert, bool isBad) => isBad
        ? $"{Count(Counts(alert).Count)} hồ sơ {Span(alert)}{Usual(alert, ", thường lệ khoảng {0}")}"
        : $"số hồ sơ đã trở lại như thường lệ{(alert.Evidence?.Count is { } count ? $": {Count(count)} hồ sơ {Span(alert)}" : "")}";

    private string Backlog(Alert alert, bool isBad) => isBad
        ? $"{FigureName(alert.Rule.Figure)}: {Count(Counts(alert).Count)} hồ sơ{Usual(alert, ", thường lệ khoảng {0}")}"
        : $"{FigureName(alert.Rule.Figure)}: còn {Count(Counts(alert).Count)} hồ sơ, không còn vượt mức";

    private string Growth(Alert alert, GrowthRule rule, bool isBad)
    {
        var name = rule.IsOverdue ? "hồ sơ quá hạn" : "hồ sơ đang chờ giải quyết";
        if (Grown(alert) is not { } more)
        {
            return isBad ? $"{name} tăng" : $"{name} không còn tăng";
        }

        var (came, ended) = (Count(Counts(alert).Of ?? 0), Count(Counts(alert).Count));
        var counts = rule.IsOverdue ? $"{came} hồ sơ trễ hạn, {ended} hồ sơ trễ hạn đã giải quyết"
            : $"nhận {came} hồ sơ, giải quyết {ended} hồ sơ";
        return isBad && more > 0 ? $"{name} tăng thêm {Count(more)} {Span(alert)}: {counts}" : $"{name} không còn tăng: {counts} {Span(alert)}";
    }

    private string SelfCheck(Alert alert, SelfCheckRule check, bool isBad)
    {
        var counted = VietnameseText.Fraction(check.CountedNumerator, check.CountedDenominator);
        var (name, day) = (FigureName(check.Figure), VietnameseText.Day(check.Day));
        return isBad
            ? $"số liệu sai: {name} ngày {day} đang hiển thị {VietnameseText.Fraction(alert.Reading.Numerator, alert.Reading.Denominator)}, đếm "
                + $"lại từ nhật ký được "
                + $"{counted}; báo ngay đơn vị vận hành"
            : $"{name} ngày {day} đã khớp với nhật ký ({counted})";
    }

    private string Ratio(Alert alert, bool isBad)
    {
        var (name, span) = (FigureName(alert.Rule.Figure), Span(alert));
        if (Counts(alert) is not (var count, > 0 and var of, _))
        {
            return $"{name} {span}: chưa có dữ liệu";
        }

        var value = $"{name} {span} đạt {Percent(count, of)} ({Count(count)}/{Count(of)})";
        var target = TargetOf(alert) is { } ratio ? VietnameseText.Target(ratio) : null;
        return target is null ? value : $"{value}, {(isBad ? "thấp hơn chỉ tiêu" : "chỉ tiêu")} {target}";
    }

    private string Usual(Alert alert, string form) => alert.Evidence?.Expected is { } expected ? string.Format(form, Count(Math.Round(expected, 1))) : "";
}
