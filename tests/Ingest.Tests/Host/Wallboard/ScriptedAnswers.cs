using KpiStream.Ingest.Host.Serving.Api;
using KpiStream.Engine.Boards;
using KpiStream.Engine.Kpis;
using KpiStream.Engine.Units;
using KpiStream.Ingest.Host.Output;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace KpiStream.Ingest.Tests.Host.Wallboard;

/// <summary>What a page asks besides the stream, answered in the server's own types with figures that fit <see cref="BoardFrames"/>.</summary>
internal static class ScriptedAnswers
{
    private static readonly DateOnly FirstWeek = new(2025, 5, 12);
    private static readonly DateOnly Today = new(2025, 7, 29);

    public static void Map(IEndpointRouteBuilder routes, Func<JsonObject?> frame)
    {
        routes.MapGet("/api/v1/rulebook", () => Results.Json(RulebookAnswer.Create(Shipped.Rulebook(), ProcedureCatalogue.Empty), ApiJson.Options));
        routes.MapGet("/api/v1/series", (string kpi, string unit) => Results.Json(Series(kpi, unit), ApiJson.Options));
        routes.MapGet("/api/v1/figures", (string kpi, string unit) => Results.Text(Figure(frame()!, kpi, unit).ToJsonString(), "application/json"));
        routes.MapGet("/api/v1/pace", () => Results.Json(Pace(), ApiJson.Options));
        routes.MapGet("/api/v1/units/{code}", (string code) => Results.Json(Unit(code), ApiJson.Options));
    }

    private static SeriesAnswer Series(string kpi, string unit) => new("2025-07-29T10:42:10+07:00", [new FigureSeries(
        kpi, unit, unit, "week", 2, "vn-2026 2", "units", [.. Enumerable.Range(0, 12).Select(week => new SeriesPoint(
            FirstWeek.AddDays(week * 7), FirstWeek.AddDays((week * 7) + 6), week < 11, week < 2 ? 0 : 100 + week, 60 + week, 4,
            week < 2 ? null : (60.0 + week) / (100 + week),
            week < 2 ? null : (64.0 + week) / (100 + week), null, null, 0.7, null, FigureState.Ok))])]);

    /// <summary>All cases outside of the numerator, and nobody else, lack something.</summary>
    private static JsonArray Figure(JsonObject frame, string kpi, string unit)
    {
        var cell = unit == (string)frame["province"]!["code"]! ? frame["headline"]![kpi]! : BoardFrames.UnitOf(frame, unit)["cells"]![kpi]!;
        var (d, n) = ((int)cell["d"]!, (int?)cell["n"] ?? 0);
        return [new JsonObject
        {
            ["kpi"] = kpi,
            ["unit"] = unit,
            ["denominator"] = d,
            ["numerator"] = n,
            ["missing"] = new JsonObject { ["online"] = d - n, ["no_presence"] = (d - n) / 3 },
            ["missingSets"] = new JsonObject { ["online"] = d - n - ((d - n) / 3), ["online+no_presence"] = (d - n) / 3 },
        }];
    }

    private static PaceAnswer Pace()
    {
        var days = PaceDays.Before(LocalTime.DayOf(Today), Shipped.Rulebook().Calendar, LocalTime.DayOf(FirstWeek));
        var problems = new List<string>();
        var communes = UnitCsv.Parse(Shipped.Text("units-hungyen.csv"), problems).Where(row => row is { Parent: "33", ValidTo: null, IsCommune: true });
        return new PaceAnswer(
            "2025-07-29T10:42:10+07:00", "arisen", PaceDays.RecentDays, LocalTime.DateOf(days.RecentFrom), LocalTime.DateOf(days.RecentTo),
            LocalTime.DateOf(days.BaseFrom), LocalTime.DateOf(days.BaseEnd - 1), days.BaseDays, PaceDays.LeastExpected, [.. communes.Select((row, index) =>
            {
                var (recent, expected) = (index % 9 == 0 ? 0 : index % 5, index % 7 == 0 ? 2.0 : 8.5);
                return new UnitPace(
                    row.Code, row.Name, row.Kind, Today.AddDays(-(index % 9)), index % 9, recent, expected, recent * 4, PaceDays.StateOf(recent, expected));
            })]);
    }

    private static UnitAnswer Unit(string code) => new(
        "2025-07-29T10:42:10+07:00", code, "Phố Hiến", "phường", [new BoardUnitName("33", "Hưng Yên", "tỉnh")], 0,
        [new BoardUnitName("11956", "An Tảo", "phường")], 21,
        [.. Enumerable.Range(1, 20).Select(number => new OverdueAnswer($"{number:x32}", "1.004442", $"2025-07-{number:00}T17:00:00+07:00", 29 - number))]);
}
