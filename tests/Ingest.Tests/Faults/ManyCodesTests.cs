using KpiStream.Engine.Units;

namespace KpiStream.Ingest.Tests.Faults;

/// <summary>Unit codes that are in no directory, few and very many: all are counted, and what is shown of them is bounded.</summary>
public sealed class ManyCodesTests(ITestOutputHelper output) : IDisposable
{
    private const string Province = "33";
    private const int Codes = 20_000;
    private const string Query = "?period=year&on=2025-07-10&kpi=received";
    private const string Line =
        """{"v":1,"source":"hy","case":"H31.11953-250710-#","at":"2025-07-10T08:00:00+07:00","status":2,"receiving":"Z#","handling":"Z#",""" +
        "\"channel\":\"online\",\"accepted\":\"2025-07-10T08:00:00+07:00\"}\n";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    [Fault("distinct codes", "60 cases of 60 unit codes that are in no directory, then 20,000 more",
        "all count for the province; 5,000 are shown by themselves, the rest as one unit that says how many; each can be asked for")]
    public async Task ManyUnlistedCodes_AreAllCountedAndBounded()
    {
        await using var server = await LogServer.StartAsync(folder, "--board-period", "since:2025-07-01");
        await server.PostAsync(Lines(0, 60));
        var board = await UntilCountedAsync(server, 60);
        Assert.Equal(Enumerable.Range(0, 60).Select(static i => $"Z{i:00000}"), UnlistedOf(board));
        Assert.Equal(60, await ReceivedAsync(server, Province));
        Assert.Equal(1, await ReceivedAsync(server, "Z00055"));
        Assert.Equal(0, (int)board["foldedCodes"]!);
        await server.PostAsync(Lines(60, Codes));
        board = await UntilCountedAsync(server, Codes);
        var folded = Codes - ShownUnits.MostUnlisted;
        Assert.Equal(ShownUnits.MostUnlisted + 1, UnlistedOf(board).Count);
        Assert.Equal(folded, (int)board["foldedCodes"]!);
        Assert.Equal(Codes, await ReceivedAsync(server, Province));
        Assert.Equal(folded, await ReceivedAsync(server, ShownUnits.Others));
        Assert.Equal(1, await ReceivedAsync(server, $"Z{Codes - 1:00000}"));
        Seen.Say(output, $"{Codes} codes: {UnlistedOf(board).Count} rows of no directory, of which one stands for {folded} codes");
    }

    private static List<string> UnlistedOf(JsonNode board) =>
        [.. board["units"]!.AsArray().Where(static unit => !(bool)unit!["known"]!).Select(static unit => (string)unit!["code"]!)];

    private static Task<JsonNode> UntilCountedAsync(LogServer server, int cases) =>
        server.Serve.UntilAsync("/api/v1/board", board => (long)board["headline"]!["received"]!["d"]! == cases, KpiStreamProcess.Limit);

    private static async Task<long> ReceivedAsync(LogServer server, string unit) =>
        (long)(await server.Serve.GetAsync($"/api/v1/figures{Query}&unit={unit}")).AsArray().Single()!["denominator"]!;

    private static string Lines(int from, int to) =>
        string.Concat(Enumerable.Range(from, to - from).Select(static i =>
            Line.Replace("#", i.ToString("00000"))));
}
