using KpiStream.Ingest.Host.Serving.Tables;

namespace KpiStream.Ingest.Host.Serving.Api;

/// <summary>The API's lists as tables for people: with names beside codes, ratios, and Vietnamese headings.</summary>
internal sealed class ApiTables(Rulebook rulebook, UnitDirectory directory)
{
    private const int Code = 12, Name = 40, Number = 12, Date = 19;

    private static readonly TableColumn[] FigureColumns =
    [
        new("Mã chỉ số", CellKind.Text, 24), new("Chỉ số", CellKind.Text, Name), new("Mã đơn vị", CellKind.Text, Code),
        new("Đơn vị", CellKind.Text, Name), new("Kỳ", CellKind.Text, Code),
    ];

    private static readonly TableColumn[] CountColumns =
    [
        new("Đã kết thúc", CellKind.Text, Number), new("Mẫu số", CellKind.Count, Number), new("Tử số", CellKind.Count, Number),
        new("Chưa ghi nhận đủ", CellKind.Count, Number), new("Tỷ lệ", CellKind.Percent, Number),
        new("Tỷ lệ cao nhất có thể", CellKind.Percent, Number), new("Cận dưới 95 %", CellKind.Percent, Number),
        new("Cận trên 95 %", CellKind.Percent, Number), new("Chỉ tiêu", CellKind.Percent, Number),
        new("Chỉ tiêu (số lượng)", CellKind.Count, Number), new("Chỉ tiêu hết hạn năm", CellKind.Text, Number),
        new("Trạng thái", CellKind.Text, 24),
    ];

    private readonly Dictionary<string, FigureDefinition> figures = rulebook.Figures.Concat(ProcedureFigures.All).ToDictionary(static figure => figure.Id);

    public Table Figures(IEnumerable<FigureAnswer> rows, Period period)
    {
        var kind = period.Kind == PeriodKind.Sliding ? CellKind.Instant : CellKind.Day;
        TableColumn[] columns = [.. FigureColumns, new("Từ", kind, Date), new("Đến", kind, Date), .. CountColumns];
        return new Table("Chỉ số", "chi-so", columns, rows.Select(row => (object?[])
        [
            .. Named(row.Kpi, row.Unit, row.Period), InstantOf(row.From), InstantOf(row.To),
            .. Counts(
                row.Kpi, row.Closed, row.Denominator, row.Numerator, row.Unobserved, row.Value, row.AtMost, row.Low, row.High, row.Target, row.Lapsed,
                row.State),
        ]));
    }

    public Table Series(SeriesAnswer answer) => new(
        "Chuỗi số liệu", "chuoi-so-lieu",
        [.. FigureColumns, new("Từ ngày", CellKind.Day, Date), new("Đến ngày", CellKind.Day, Date), .. CountColumns],
        from series in answer.Series
        from point in series.Points
        select (object?[])
        [
            .. Named(series.Kpi, series.Unit, series.Step), DayOf(point.From), DayOf(point.To),
            .. Counts(
                series.Kpi, point.Closed, point.Denominator, point.Numerator, point.Unobserved, point.Value, point.Most, point.Lo, point.Hi, point.Target,
                point.Lapsed, point.State),
        ]);

    public Table Units(IEnumerable<UnitRow> rows) => new(
        "Đơn vị", "don-vi",
        [
            new("Mã đơn vị", CellKind.Text, Code), new("Tên", CellKind.Text, Name), new("Loại", CellKind.Text, Code),
            new("Mã cấp trên", CellKind.Text, Code), new("Cấp trên", CellKind.Text, Name), new("Từ ngày", CellKind.Day, Date),
            new("Hết hiệu lực từ", CellKind.Day, Date),
            new("Mã đơn vị kế tục", CellKind.Text, Code), new("Tên khác", CellKind.Text, Name),
        ],
        rows.Select(row => (object?[])
        [
            row.Code, row.Name, row.Kind, row.Parent, row.Parent is { } parent ? AskedNames.NameOf(parent, directory) : null, DayOf(row.ValidFrom),
            DayOf(row.ValidTo), row.Successor, string.Join("; ", row.Aliases),
        ]));

    public static Table Alerts(IEnumerable<AlertAnswer> rows) => new(
        "Cảnh báo", "canh-bao",
        [
            new("Trạng thái", CellKind.Text, 18), new("Quy tắc", CellKind.Text, 30), new("Mã đơn vị", CellKind.Text, Code),
            new("Đơn vị", CellKind.Text, Name), new("Từ lúc", CellKind.Instant, Date), new("Nội dung", CellKind.Text, 80),
        ],
        rows.Select(static row => (object?[])[AlertWord(row.State), row.Rule, row.Unit, row.UnitName, InstantOf(row.Since), row.Text]));

    public static Table Pace(PaceAnswer answer) => new(
        "Ít phát sinh", "it-phat-sinh",
        [
            new("Mã đơn vị", CellKind.Text, Code), new("Đơn vị", CellKind.Text, Name), new("Hồ sơ gần nhất", CellKind.Day, Date),
            new($"{answer.RecentDays} ngày làm việc qua", CellKind.Count, Number), new("Thường có", CellKind.Count, Number),
            new("Từ đầu tháng", CellKind.Count, Number), new("Nhận định", CellKind.Text, 18),
        ],
        answer.Units.Select(static unit => (object?[])
        [
            unit.Code, $"{unit.Kind} {unit.Name}", DayOf(unit.Last), unit.Recent, unit.Expected is { } expected ? (long)Math.Round(expected) : null,
            unit.Month, PaceWord(unit.State),
        ]));

    private object?[] Named(string kpi, string unit, string period) =>
        [kpi, figures.TryGetValue(kpi, out var figure) ? figure.NameVi : kpi, unit, AskedNames.NameOf(unit, directory), PeriodWord(period)];

    private object?[] Counts(
        string kpi, bool closed, long denominator, long? numerator, long? unobserved, double? value, double? most, double? low, double? high, double? target,
        int? lapsed, FigureState state)
    {
        var isVolume = figures.TryGetValue(kpi, out var figure) && figure.IsVolume;
        return
        [
            closed ? "có" : "không", denominator, numerator, unobserved, value, most, low, high, isVolume ? null : target,
            isVolume && target is { } count ? (long)count : null, lapsed?.ToString(CultureInfo.InvariantCulture), Word(state),
        ];
    }

    // As the board says them.
    private static string Word(FigureState state) => state switch
    {
        FigureState.Ok => "Đạt",
        FigureState.Breach => "Chưa đạt",
        FigureState.TooFew => "Chưa đủ hồ sơ để xét",
        FigureState.NotObserved => "Chưa ghi nhận đủ",
        FigureState.None => "Không đặt chỉ tiêu",
        _ => "Chưa có số liệu",
    };

    private static string AlertWord(string state) => state switch
    {
        "firing" => "Đang cảnh báo",
        "resolving" => "Đang hết dần",
        "pending" => "Chờ xác nhận",
        "resolved" => "Đã hết cảnh báo",
        _ => state,
    };

    private static string PaceWord(PaceState state) => state switch
    {
        PaceState.Silent => "Im lặng",
        PaceState.Slow => "Chậm hẳn",
        PaceState.Few => "Quá ít để so",
        _ => "Bình thường",
    };

    private static string PeriodWord(string period) => period switch
    {
        "day" => "ngày",
        "week" => "tuần",
        "month" => "tháng",
        "quarter" => "quý",
        "year" => "năm",
        _ => period,
    };

    private static DateTime? DayOf(DateOnly? day) => day is { } date ? date.ToDateTime(TimeOnly.MinValue) : null;

    /// <summary>A local date, or a local instant to the second with its offset.</summary>
    private static DateTime? InstantOf(string text) =>
        DateTime.TryParseExact(text.Length > 19 ? text[..19] : text, ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm:ss"], CultureInfo.InvariantCulture,
            DateTimeStyles.None, out var at) ? at : null;
}
