namespace KpiStream.Ingest.Tests.Host.Serving.Api;

/// <summary>By what alerts are judged, as the API says it, over changes of a file.</summary>
public sealed class JudgedByApiTests(ServedScene scene) : IClassFixture<ServedScene>
{
    [Fact]
    public async Task TheCalendar_IsToldWithItsChanges_AndWhyANewerFileIsRefused()
    {
        var first = await ReadAsync("calendar");
        Assert.Equal((Shipped.Calendar.Version, 1), (Text(first, "version"), (int)first["edition"]!["number"]!));
        Assert.Empty(first["units"]!.AsArray());
        Assert.Empty(Changes(first));

        Change($"{ServedScene.PhoHien},2026-09-07,2026-09-11,closed,expected,bão số 5");
        var second = await ReadAsync("calendar");
        Assert.Equal(2, (int)second["edition"]!["number"]!);
        var row = Assert.Single(second["units"]!.AsArray())!;
        string[] keys = ["unit", "from", "to", "kind", "certainty", "reason"];
        Assert.Equal([ServedScene.PhoHien, "2026-09-07", "2026-09-11", "closed", "expected", "bão số 5"], keys.Select(key => Text(row, key)));
        Assert.Equal(["in_force"], Changes(second));
        Assert.Null(second["edition"]!["refused"]);

        Change($"{ServedScene.PhoHien},2026-09-07,2026-09-11,shut,expected,bão số 5");
        var third = await ReadAsync("calendar");
        Assert.Equal(Text(second, "unitsVersion"), Text(third, "unitsVersion"));
        var refused = third["edition"]!["refused"]!;
        Assert.Equal((2, "kind"), ((int)refused["line"]!, Text(refused, "key")));
        Assert.Contains("unknown word 'shut'", Text(refused, "message"));
        Assert.Equal(["in_force", "refused"], Changes(third));
        var last = third["edition"]!["changes"]![1]!;
        Assert.Equal((Text(second, "unitsVersion"), OperatingSystem.IsLinux()), (Text(last, "hash"), Text(last, "by").Length > 0));
        Assert.StartsWith("unit-calendars.csv:2: kind: unknown word", Text(last, "text"));
        Assert.DoesNotContain(scene.UnitCalendars, third.ToJsonString());
        Assert.Equal((false, 1), ((bool)third["needsRestart"]!, (int)third["countryEdition"]!["number"]!));
    }

    [Fact]
    public async Task TheAlertRules_AreToldWithTheirEdition()
    {
        scene.Judged.NoteIn(scene.Alerts, null); // another start by the same rules is no change
        var rules = await ReadAsync("alert-rules");
        var current = scene.Judged.Rules.Current;
        Assert.Equal((current.Id, current.Version, current.Hash), (Text(rules, "id"), Text(rules, "version"), Text(rules, "hash")));
        Assert.Equal(current.Rules.Select(static rule => rule.Id), rules["rules"]!.AsArray().Select(static rule => Text(rule!, "id")));
        Assert.Equal($"{current}", Text(Assert.Single(rules["edition"]!["changes"]!.AsArray())!, "text"));
    }

    private static string Text(JsonNode node, string key) => (string)node[key]!;

    private static IEnumerable<string> Changes(JsonNode answer) => answer["edition"]!["changes"]!.AsArray().Select(static one => Text(one!, "what"));

    private async Task<JsonNode> ReadAsync(string what) => JsonNode.Parse(await scene.Http.GetStringAsync($"/api/v1/{what}"))!;

    private void Change(string row)
    {
        var before = File.GetLastWriteTimeUtc(scene.UnitCalendars);
        File.WriteAllText(scene.UnitCalendars, $"unit,from,to,kind,certainty,reason\n{row}\n");
        File.SetLastWriteTimeUtc(scene.UnitCalendars, before.AddSeconds(1)); // nobody writes two within the least step of a file's time
        scene.FileTime.Advance(TimeSpan.FromSeconds(5));
        scene.Judged.LookAgain();
    }
}
