using KpiStream.Engine.Boards;
using KpiStream.Engine.Units;

namespace KpiStream.Ingest.Tests.Host.Wallboard;

/// <summary>
/// Frames as a July 2025 day in Hưng Yên would give them: the shipped communes and departments, skewed volumes, figures of the shipped rulebook.
/// </summary>
internal static class BoardFrames
{
    public const int CommuneCount = 104;
    public const int DepartmentCount = 13;

    /// <summary>Figures of the shipped rulebook.</summary>
    public static int FigureCount => Figures.Count;

    private const int Seed = 20250729;
    private const int TooFew = 20;
    private const double Z = 1.959964;
    private static readonly DateTimeOffset Clock = new(2025, 7, 29, 10, 42, 10, TimeSpan.FromHours(7));

    private static readonly DateOnly Day = new(2025, 7, 29);

    // The eleven communes that the letter of July 2025 names.
    private static readonly string[] LowVolume = ["12595", "12850", "12634", "13219", "12862", "12466", "12685", "12631", "13183", "13222", "13246"];

    /// <summary>About how large each share is; one that is not listed is 0.8.</summary>
    private static readonly (string Kpi, double Share)[] Around =
    [
        ("fully_online", 0.72), ("fully_online_justice", 0.74), ("filed_online", 0.83), ("filed_online_own", 0.83), ("taken_in", 0.995),
        ("online_payment", 0.64), ("national_payment", 0.58), ("electronic_result", 0.913), ("digitised", 0.845), ("reused", 0.432),
        ("synced", 0.9996), ("on_time", 0.981), ("same_day_copies", 0.967), ("electronic_copies", 0.412), ("online_766", 0.688),
        ("vneid", 0.774), ("non_boundary", 0.078), ("satisfied", 0.942), ("feedback_on_time", 1),
    ];

    private static readonly IReadOnlyList<FigureDefinition> Figures = Shipped.Rulebook().Figures;

    /// <summary>A whole frame; the same seed gives the same frame.</summary>
    public static JsonObject Frame()
    {
        var random = new Random(Seed);
        var units = Rows().Select(row => Unit(row, random)).ToList();
        var frame = Parts(units);
        frame["kind"] = "frame";
        frame["units"] = new JsonArray([.. units]);
        return frame;
    }

    /// <summary>The same of twelve units, Phố Hiến with them, where a page is opened many times or looked through node by node.</summary>
    public static JsonObject FewUnits()
    {
        var frame = Frame();
        var units = frame["units"]!.AsArray().Select(static unit => unit!.DeepClone()).ToList();
        frame["units"] = new JsonArray([.. units.OrderByDescending(static unit => (string)unit["code"]! == "11953").Take(12)]);
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

    /// <summary>A cell as the server writes it: the ratio, its Wilson 95 % interval and the state by its precedence.</summary>
    public static JsonObject Cell(int d, int n, double? target)
    {
        if (d == 0)
        {
            return new JsonObject { ["d"] = 0, ["n"] = 0, ["s"] = "no_data" };
        }

        var share = (double)n / d;
        var centre = (share + (Z * Z / (2 * d))) / (1 + (Z * Z / d));
        var half = Z / (1 + (Z * Z / d)) * Math.Sqrt((share * (1 - share) / d) + (Z * Z / (4.0 * d * d)));
        var state = d < TooFew ? "too_few" : target is null ? "none" : share < target ? "breach" : "ok";
        return new JsonObject { ["d"] = d, ["n"] = n, ["v"] = share, ["lo"] = centre - half, ["hi"] = centre + half, ["s"] = state };
    }

    /// <summary>A cell of which <paramref name="u"/> cases may belong to the numerator, because the citizen's presence was never stated.</summary>
    public static JsonObject Partly(int d, int n, int u, double target)
    {
        var cell = Cell(d, n, target);
        if (d > 0)
        {
            (cell["u"], cell["most"], cell["x"]) = (u, (double)(n + u) / d, 16);
            cell["s"] = n + u < target * d ? "breach" : n >= target * d ? "ok" : "not_observed";
        }

        return cell;
    }

    /// <summary>The board of the nation: 34 provinces, and no list of communes.</summary>
    public static JsonObject Nation()
    {
        var random = new Random(Seed);
        var units = Rows("vn", "VN").Select(row => Unit(row, random)).ToList();
        var frame = Parts(units);
        frame["kind"] = "frame";
        frame["province"] = new JsonObject { ["code"] = "VN", ["name"] = "Việt Nam", ["kind"] = "quốc gia" };
        frame["units"] = new JsonArray([.. units]);
        return frame;
    }

    private static List<UnitRow> Rows(string directory = "hungyen", string parent = "33")
    {
        var problems = new List<string>();
        var rows = UnitCsv.Parse(Shipped.Text($"units-{directory}.csv"), problems);
        return [.. rows.Where(row => row.Parent == parent && row.ValidTo is null)];
    }

    private static double ShareOf(string kpi) => Array.Find(Around, each => each.Kpi == kpi) is { Kpi: not null } found ? found.Share : 0.8;

    private static double? TargetOf(FigureDefinition figure) =>
        figure.TargetOn(Day) is { Target: { Comparison: TargetComparison.AtLeast } target } ? target.Value : null;

    private static JsonObject Unit(UnitRow row, Random random)
    {
        var low = LowVolume.Contains(row.Code, StringComparer.Ordinal);
        var volume = low ? random.Next(0, 30) : (int)(150 + (900 * Math.Pow(random.NextDouble(), 3)) + (row.Kind == "phường" ? 900 : 0));
        var lean = (random.NextDouble() - 0.4) * 0.2;
        var cells = new JsonObject();
        foreach (var figure in Figures)
        {
            var kpi = figure.Id;
            var d = kpi == "published_on_time" ? 0 : kpi is "received" ? volume + 9 : kpi.EndsWith("copies") ? volume / 3 : volume;
            var n = kpi is "synced" or "feedback_on_time" ? d : (int)Math.Round(d * Math.Clamp(ShareOf(kpi) + lean, 0, 1));
            cells[kpi] = figure.IsVolume ? Volume(d) : Cell(d, n, TargetOf(figure));
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

    private static JsonObject Volume(int d) => new() { ["d"] = d, ["n"] = null, ["v"] = null, ["s"] = "none" };

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
        ["figures"] = new JsonArray([.. Figures.Select(Figure)]),
        ["headline"] = Headline(units),
        ["spans"] = new JsonArray([.. ((string[])["day", "month", "year", "30d"]).Select(period => new JsonObject
        {
            ["period"] = period,
            ["cells"] = Headline(period == "day" ? units[..30] : units),
        })]),
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
            ["units"] = new JsonArray([.. LowVolume.Where(code => units.Exists(unit => (string)unit["code"]! == code)).Select((code, index) => new JsonObject
            {
                ["code"] = code,
                ["name"] = NameOf(units, code),
                ["count"] = 9 + (index * 3),
            })]),
        },
        ["alerts"] = Alerts(units),
        ["trust"] = new JsonObject
        {
            ["rulebook"] = "vn-2026 2",
            ["directory"] = "units-hungyen.csv@a2c1e4648ca6",
            ["alertRules"] = "shipped 1 (a923d3d8c5c4)",
            ["calendar"] = "calendar-vn.csv@ddb9a6735b75",
            ["selfCheck"] = SelfCheck("equal"),
            ["sources"] = new JsonArray(Source("hy", "live")),
            ["notes"] = new JsonArray(),
            ["events"] = 123456,
            ["rejectedToday"] = 1234,
            ["rejectedReasons"] = new JsonArray(
                Reject("bad_value", "TrangThaiHoSo", 1180), Reject("malformed", null, 41), Reject("missing", "case", 9), Reject("too_large", null, 3)),
            ["lateToday"] = 12,
            ["duplicates"] = 55,
            ["lag"] = 0,
            ["latency"] = new JsonObject
            {
                ["published"] = Within(120, 430),
                ["received"] = Within(310, 640),
            },
            ["partitions"] = new JsonArray(new JsonObject { ["name"] = "kafka:cases/0", ["lag"] = 0 }),
        },
    };

    private static JsonObject Figure(FigureDefinition figure) => new()
    {
        ["kpi"] = figure.Id,
        ["nameVi"] = figure.NameVi,
        ["nameEn"] = figure.NameEn,
        ["basis"] = figure.Basis,
        ["sentence"] = figure.Sentence,
        ["isVolume"] = figure.IsVolume,
        ["target"] = TargetOf(figure),
        ["targetText"] = figure.TargetOn(Day) is { } applied ? TargetText.Of(applied.Target) : null,
        ["lapsed"] = figure.TargetOn(Day)?.Lapsed,
        ["items"] = new JsonArray([.. (figure.Count ?? []).Select(item => JsonValue.Create(item.Name))]),
        ["neverSent"] = new JsonArray(),
    };

    private static JsonObject Headline(List<JsonObject> units)
    {
        var headline = new JsonObject();
        foreach (var figure in Figures)
        {
            var cells = units.Select(unit => unit["cells"]![figure.Id]!).ToList();
            var d = cells.Sum(cell => (int)cell["d"]!);
            headline[figure.Id] = figure.IsVolume ? Volume(d) : Cell(d, cells.Sum(cell => (int)cell["n"]!), TargetOf(figure));
        }

        return headline;
    }

    /// <summary>The last recount of the log, of Phố Hiến's 15 July.</summary>
    public static JsonObject SelfCheck(string verdict) => new()
    {
        ["verdict"] = verdict,
        ["at"] = verdict == "pending" ? "" : "2025-07-29T10:32:05+07:00",
        ["unit"] = "11953",
        ["unitName"] = "phường Phố Hiến",
        ["day"] = "2025-07-15",
        ["differences"] = verdict == "different"
            ? new JsonArray(new JsonObject { ["kpi"] = "fully_online", ["d"] = 1120, ["n"] = 1091, ["countedD"] = 1120, ["countedN"] = 1090 })
            : [],
    };

    public static JsonObject Source(string name, string state) => new()
    {
        ["name"] = name,
        ["state"] = state,
        ["lastArrival"] = Clock.AddMinutes(-1).ToString("O"),
        ["text"] = state == "live" ? $"nguồn {name} đang gửi" : $"nguồn {name} im lặng từ 10:41",
    };

    private static JsonObject Within(int half, int most) => new() { ["p50"] = half, ["p99"] = most };

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
        ["rule"] = "fully_online_low",
        ["kind"] = "ratio",
        ["figure"] = "fully_online",
        ["unit"] = (string)unit["code"]!,
        ["unitName"] = $"{unit["kind"]} {unit["name"]}",
        ["state"] = state,
        ["since"] = Clock.AddMinutes(-17 * (index + 1)).ToString("O"),
        ["text"] = "Tỷ lệ hồ sơ trực tuyến toàn trình trong 30 ngày gần nhất (tính đến hết ngày 28/7/2025) đạt 62,4 % (371/594), "
            + "thấp hơn chỉ tiêu 70 %",
        ["textEn"] = "Cases handled fully online in the last 30 days (to the end of 28 Jul 2025): 62.4 % (371 of 594), below the target of 70 %",
    };

    private static string NameOf(List<JsonObject> units, string code) => (string)units.Single(unit => (string)unit["code"]! == code)["name"]!;
}
