using System.Reflection;
using System.Text.Json.Nodes;
using KpiStream.Engine.Units;

namespace KpiStream.Ingest.Tests.Host.Wallboard;

/// <summary>Frames as a July 2025 day in Hưng Yên would give them: the shipped communes, skewed volumes, figures of the shipped rulebook.</summary>
internal static class BoardFrames
{
    public const int CommuneCount = 104;
    private const int Seed = 20250729;
    private const int TooFew = 20;
    private const double Z = 1.959964;
    private static readonly DateTimeOffset Clock = new(2025, 7, 29, 10, 42, 10, TimeSpan.FromHours(7));

    // The eleven communes of seed 003.
    private static readonly string[] LowVolume = ["12595", "12850", "12634", "13219", "12862", "12466", "12685", "12631", "13183", "13222", "13246"];

    private static readonly (string Kpi, string Name, double? Target, string? TargetText, double Around)[] Figures =
    [
        ("fully_online", "Hồ sơ xử lý trực tuyến toàn trình", 0.7, "≥ 70 %", 0.72),
        ("filed_online", "Hồ sơ nộp trực tuyến", 0.5, "≥ 50 %", 0.83),
        ("online_payment", "Thanh toán trực tuyến", 0.45, "≥ 45 %", 0.64),
        ("national_payment", "Thanh toán qua Cổng Dịch vụ công quốc gia", null, null, 0.58),
        ("electronic_result", "Cấp kết quả điện tử", 1, "100 %", 0.913),
        ("digitised", "Số hóa hồ sơ, kết quả", 0.8, "≥ 80 %", 0.845),
        ("reused", "Khai thác, tái sử dụng dữ liệu số hóa", 0.5, "≥ 50 %", 0.432),
        ("synced", "Đồng bộ trạng thái, kết quả lên Cổng Dịch vụ công quốc gia", 1, "100 %", 0.9996),
        ("on_time", "Giải quyết đúng hạn", null, null, 0.981),
        ("same_day_copies", "Chứng thực bản sao trả trong ngày", 1, "100 %", 0.967),
        ("electronic_copies", "Chứng thực bản sao điện tử", 1, "100 %", 0.412),
        ("online_766", "Hồ sơ trực tuyến theo QĐ 766", null, null, 0.688),
        ("vneid", "Định danh bằng VNeID", null, null, 0.774),
        ("satisfied", "Mức độ hài lòng", 0.9, "≥ 90 %", 0.942),
        ("feedback_on_time", "Trả lời phản ánh, kiến nghị đúng hạn", 1, "100 %", 1),
        ("published_on_time", "Công khai thủ tục hành chính đúng hạn", 1, "100 %", 0),
        ("received", "Hồ sơ tiếp nhận", null, null, 1),
        ("handled", "Hồ sơ đã giải quyết", null, null, 1),
    ];

    /// <summary>A whole frame; the same seed gives the same frame.</summary>
    public static JsonObject Frame()
    {
        var random = new Random(Seed);
        var units = Communes().Select(row => Unit(row, random)).ToList();
        var frame = Parts(units);
        frame["kind"] = "frame";
        frame["units"] = new JsonArray([.. units]);
        return frame;
    }

    /// <summary>A delta that carries the given rows and, whole, the small parts of <paramref name="frame"/>.</summary>
    public static JsonObject Delta(JsonObject frame, params JsonObject[] rows)
    {
        var delta = (JsonObject)frame.DeepClone();
        delta["kind"] = "delta";
        delta["units"] = new JsonArray([.. rows.Select(row => row.DeepClone())]);
        return delta;
    }

    public static JsonObject UnitOf(JsonObject frame, string code) =>
        frame["units"]!.AsArray().Select(unit => unit!.AsObject()).Single(unit => (string)unit["code"]! == code);

    /// <summary>A cell as the server writes it: the ratio, its Wilson 95 % interval and the state in the order of spec section 7.</summary>
    public static JsonObject Cell(int d, int n, double? target)
    {
        if (d == 0)
        {
            return new JsonObject { ["d"] = 0, ["n"] = 0, ["s"] = "no_data" };
        }

        var share = (double)n / d;
        var centre = (share + (Z * Z / (2 * d))) / (1 + (Z * Z / d));
        var half = Z / (1 + (Z * Z / d)) * Math.Sqrt((share * (1 - share) / d) + (Z * Z / (4.0 * d * d)));
        var state = d < TooFew ? "too_few" : share < target ? "breach" : "ok";
        return new JsonObject { ["d"] = d, ["n"] = n, ["v"] = share, ["lo"] = centre - half, ["hi"] = centre + half, ["s"] = state };
    }

    private static List<UnitRow> Communes()
    {
        using var stream = Assembly.Load("KpiStream.Ingest.Sources").GetManifestResourceStream("units-hungyen.csv")!;
        using var reader = new StreamReader(stream);
        var problems = new List<string>();
        var rows = UnitCsv.Parse(reader.ReadToEnd(), problems);
        return [.. rows.Where(row => row.Parent == "33" && row.ValidTo is null)];
    }

    private static JsonObject Unit(UnitRow row, Random random)
    {
        var low = LowVolume.Contains(row.Code, StringComparer.Ordinal);
        var volume = low ? random.Next(0, 30) : (int)(150 + (900 * Math.Pow(random.NextDouble(), 3)) + (row.Kind == "phường" ? 900 : 0));
        var lean = (random.NextDouble() - 0.4) * 0.2;
        var cells = new JsonObject();
        foreach (var (kpi, _, target, _, around) in Figures)
        {
            var d = kpi == "published_on_time" ? 0 : kpi is "received" ? volume + 9 : kpi.EndsWith("copies", StringComparison.Ordinal) ? volume / 3 : volume;
            var n = kpi is "synced" or "feedback_on_time" ? d : (int)Math.Round(d * Math.Clamp(around + lean, 0, 1));
            cells[kpi] = target is null && around >= 1 ? Volume(d) : Cell(d, n, target);
        }

        return new JsonObject
        {
            ["code"] = row.Code,
            ["name"] = row.Name,
            ["kind"] = row.Kind,
            ["known"] = true,
            ["cells"] = cells,
            ["open"] = random.Next(volume / 3 + 1),
            ["overdue"] = random.Next(3),
        };
    }

    private static JsonObject Volume(int d) => new() { ["d"] = d, ["n"] = null, ["v"] = null, ["s"] = d == 0 ? "no_data" : "ok" };

    private static JsonObject Parts(List<JsonObject> units) => new()
    {
        ["id"] = 17,
        ["demo"] = true,
        ["now"] = Clock.ToString("O"),
        ["dataTime"] = Clock.AddSeconds(-3).ToString("O"),
        ["staleAfterSeconds"] = 60,
        ["stale"] = false,
        ["sourceState"] = "đang đọc",
        ["province"] = new JsonObject
        {
            ["code"] = "33",
            ["name"] = "Hưng Yên",
            ["kind"] = "tỉnh",
        },
        ["period"] = "month",
        ["periodLabel"] = "Tháng 7/2025",
        ["figures"] = new JsonArray([.. Figures.Select(figure => new JsonObject
        {
            ["kpi"] = figure.Kpi,
            ["nameVi"] = figure.Name,
            ["nameEn"] = figure.Kpi,
            ["basis"] = "QĐ 766/QĐ-TTg",
            ["isVolume"] = figure.Kpi is "received" or "handled",
            ["target"] = figure.Target,
            ["targetText"] = figure.TargetText,
        })]),
        ["headline"] = Headline(units),
        ["gauges"] = new JsonObject
        {
            ["open"] = 2318,
            ["paused"] = 41,
            ["waiting"] = 96,
            ["overdue"] = 37,
            ["due_soon"] = 158,
        },
        ["lowVolume"] = new JsonObject
        {
            ["fewerThan"] = 50,
            ["since"] = "2025-07-01",
            ["judgedOn"] = "2025-07-15",
            ["judged"] = true,
            ["units"] = new JsonArray([.. LowVolume.Select((code, index) => new JsonObject
            {
                ["code"] = code,
                ["name"] = NameOf(units, code),
                ["count"] = 9 + (index * 3),
            })]),
        },
        ["alerts"] = Alerts(units),
        ["trust"] = new JsonObject
        {
            ["rulebook"] = "vn-2025 1",
            ["directory"] = "units-hungyen.csv 3f9a2c",
            ["events"] = 123456,
            ["rejectedToday"] = 1234,
            ["rejectedReasons"] = new JsonArray(
                Reject("bad_value", "TrangThaiHoSo", 1180), Reject("malformed", null, 41), Reject("missing", "case", 9), Reject("too_large", null, 3)),
            ["lateToday"] = 12,
            ["duplicates"] = 55,
            ["lag"] = 0,
            ["partitions"] = new JsonArray(new JsonObject { ["name"] = "kafka:cases/0", ["lag"] = 0 }),
        },
    };

    private static JsonObject Headline(List<JsonObject> units)
    {
        var headline = new JsonObject();
        foreach (var (kpi, _, target, _, _) in Figures)
        {
            var cells = units.Select(unit => unit["cells"]![kpi]!).ToList();
            var d = cells.Sum(cell => (int)cell["d"]!);
            headline[kpi] = kpi is "received" or "handled" ? Volume(d) : Cell(d, cells.Sum(cell => (int)cell["n"]!), target);
        }

        return headline;
    }

    private static JsonObject Reject(string reason, string? key, int count) => new()
    {
        ["reason"] = reason,
        ["key"] = key,
        ["count"] = count,
    };

    private static JsonArray Alerts(List<JsonObject> units)
    {
        var sure = units.Where(unit => (double?)unit["cells"]!["fully_online"]!["hi"] < 0.7 && (int)unit["cells"]!["fully_online"]!["d"]! >= TooFew);
        var alerts = sure.Select((unit, index) => Alert(unit, index % 4 == 3 ? "pending" : "firing", index)).ToList();
        return new JsonArray([.. alerts]);
    }

    private static JsonObject Alert(JsonObject unit, string state, int index) => new()
    {
        ["rule"] = "below_target:fully_online",
        ["unit"] = (string)unit["code"]!,
        ["unitName"] = (string)unit["name"]!,
        ["state"] = state,
        ["since"] = Clock.AddMinutes(-17 * (index + 1)).ToString("O"),
        ["text"] = "Toàn trình dưới chỉ tiêu 70 %, đủ căn cứ",
    };

    private static string NameOf(List<JsonObject> units, string code) => (string)units.Single(unit => (string)unit["code"]! == code)["name"]!;
}
