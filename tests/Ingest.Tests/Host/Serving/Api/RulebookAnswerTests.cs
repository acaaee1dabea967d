using KpiStream.Ingest.Host.Output;
using KpiStream.Ingest.Host.Serving.Api;

namespace KpiStream.Ingest.Tests.Host.Serving.Api;

/// <summary><c>GET /api/v1/rulebook</c>: what each figure counts and what it rests on, as a leader reads it.</summary>
public sealed class RulebookAnswerTests
{
    private const int Figures = 29;

    // What a leader must never read: our own names of source texts and of kinds of figures.
    private static readonly string[] Internal = ["seed", "volume", "lane", "shard"];

    [Fact]
    public void EveryFigureOfTheShippedRulebook_HasItsNameItsBasisAndASentence()
    {
        var answer = Answer();
        Assert.Equal(("vn-2026", "2.1"), ((string)answer["id"]!, (string)answer["version"]!));
        var figures = answer["figures"]!.AsArray();
        Assert.Equal(Figures, figures.Select(figure => (string)figure!["kpi"]!).Distinct().Count());
        foreach (var figure in figures.Select(figure => figure!))
        {
            var id = (string)figure["kpi"]!;
            foreach (var field in (string[])["nameVi", "nameEn", "basis", "sentence"])
            {
                var text = (string?)figure[field];
                Assert.False(string.IsNullOrWhiteSpace(text), $"{id} has no {field}");
                Assert.DoesNotContain(Internal, word => text.Contains(word, StringComparison.OrdinalIgnoreCase));
            }

            Assert.True(((string)figure["sentence"]!).EndsWith('.'), $"{id}: {figure["sentence"]}");
        }
    }

    [Fact]
    public void WhatAFigureCounts_IsSaidByItsConditions()
    {
        var figure = Answer()["figures"]!.AsArray().Single(one => (string)one!["kpi"]! == "fully_online")!;
        Assert.Equal(("case", "handling", "ended", "exclude", 20),
            ((string)figure["kind"]!, (string)figure["unit"]!, (string)figure["time"]!, (string)figure["linked"]!, (int)figure["tooFew"]!));
        Assert.Equal(["done"], figure["of"]!.AsArray().SelectMany(item => item!["anyOf"]!.AsArray()).Select(name => (string)name!));
        Assert.Equal(
            ["online", "not fee_due|paid_national", "result_electronic|not result_needed", "returned_remotely", "no_presence"],
            figure["count"]!.AsArray().Select(item => string.Join('|', item!["anyOf"]!.AsArray().Select(name => (string)name!))));
        var target = Assert.Single(figure["targets"]!.AsArray())!;
        Assert.Equal((0.7, "2025-01-01", "2025-12-31"), ((double)target["atLeast"]!, (string)target["from"]!, (string)target["to"]!));
    }

    [Fact]
    public void FiguresOfProcedures_AndTheNamesOfProcedures_StandBesideTheRulebooksOwn()
    {
        var answer = Answer();
        Assert.Equal(["procedures_paid_nationally", "procedures_offered_online"], answer["procedureFigures"]!.AsArray()
            .Select(figure => (string)figure!["kpi"]!));
        Assert.All(answer["procedureFigures"]!.AsArray(), figure => Assert.All((string[])["nameVi", "nameEn", "basis", "sentence"], field =>
        {
            Assert.NotEmpty((string)figure![field]!);
            Assert.DoesNotContain(Internal, word => ((string)figure[field]!).Contains(word, StringComparison.OrdinalIgnoreCase));
        }));
        Assert.Equal("""{"2.000815":"Chứng thực bản sao"}""",
            answer["procedureNames"]!.ToJsonString(
                new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
    }

    private static readonly ProcedureCatalogue Catalogue = new([new("2.000815", "Chứng thực bản sao", null, OnlineLevel.Full, true, null)]);

    private static JsonNode Answer()
    {
        var json = new JsonSerializerOptions();
        ApiJson.Configure(json);
        return JsonSerializer.SerializeToNode(RulebookAnswer.Create(Shipped.Rulebook(), Catalogue), json)!;
    }
}
