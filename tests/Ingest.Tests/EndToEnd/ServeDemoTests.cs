namespace KpiStream.Ingest.Tests.EndToEnd;

/// <summary>One demo for all tests of the interface that need no more.</summary>
public sealed class DemoServer : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();

    internal ServeProcess Serve { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Serve = await ServeProcess.StartAsync(folder, "--demo");
        await Serve.UntilReadyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Serve.DisposeAsync();
        folder.Dispose();
    }
}

/// <summary>The HTTP interface of the real <c>serve --demo</c>.</summary>
[Collection(Timed.Name)]
public sealed class ServeDemoTests(DemoServer demo, ITestOutputHelper output) : IClassFixture<DemoServer>
{
    private const string Province = "33";
    private const int Units = 104 + 13; // communes and departments
    private const int Figures = 29;

    private static readonly HashSet<string> Known = [.. Shipped.Units("hungyen").Rows.Where(row => row.ValidTo is null).Select(row => row.Code)];

    [Fact]
    public async Task Board_IsAWholeFrameOfTheProvince()
    {
        var board = await demo.Serve.GetAsync("/api/v1/board");
        Assert.Equal("frame", (string)board["kind"]!);
        Assert.True((bool)board["demo"]!);
        Assert.True((bool)board["caughtUp"]!);
        Assert.False((bool)board["stale"]!);
        Assert.Equal(Province, (string)board["province"]!["code"]!);
        Assert.Equal(Units, board["units"]!.AsArray().Count(unit => (bool)unit!["known"]!));
        Assert.True((long)board["headline"]!["fully_online"]!["d"]! > 1_000);
        Assert.Equal("30 ngày qua", (string)board["periodLabel"]!);
    }

    [Fact]
    public async Task Figures_ParentIsTheSumOfItsUnitsAndMissingConditionsAddUp()
    {
        var rows = (await demo.Serve.GetAsync("/api/v1/figures?period=30d&kpi=fully_online")).AsArray();
        var province = rows.Single(row => (string)row!["unit"]! == Province)!;
        var below = rows.Where(row => (string)row!["unit"]! is not (Province or "VN")).ToList();
        Assert.Equal(Units, below.Count(row => Known.Contains((string)row!["unit"]!)));
        Assert.Equal((long)province["denominator"]!, below.Sum(row => (long)row!["denominator"]!));
        Assert.Equal((long)province["numerator"]!, below.Sum(row => (long)row!["numerator"]!));
        Assert.Equal((long)province["unobserved"]!, below.Sum(row => (long)row!["unobserved"]!));
        foreach (var row in rows.Select(row => row!))
        {
            var lacking = (long)row["denominator"]! - (long)row["numerator"]!;
            Assert.Equal(lacking, row["missingSets"]!.AsObject().Sum(set => (long)set.Value!));
            foreach (var (item, count) in row["missing"]!.AsObject())
            {
                var sets = row["missingSets"]!.AsObject().Where(set => set.Key.Split('+').Contains(item)).Sum(set => (long)set.Value!);
                Assert.Equal(sets, (long)count!);
            }
        }
    }

    [Theory]
    [InlineData("", (Figures * (Units + 2)) + 4)] // the province and the nation, which have two figures of procedures besides
    [InlineData("?kpi=procedures_paid_nationally", 2)]
    [InlineData("?unit=11953", Figures)]
    [InlineData("?unit=11953&kpi=received", 1)]
    [InlineData("?unit=11953&period=month&on=2025-07-15", Figures)]
    [InlineData("?unit=11953&period=since:2025-07-01", Figures)]
    [InlineData("?unit=11953&period=2025-07-03..2025-07-20", Figures)]
    public async Task Figures_OneRowPerFigureAndUnit(string query, int rows) =>
        Assert.Equal(rows, (await demo.Serve.GetAsync("/api/v1/figures" + query)).AsArray().Count(row => Known.Contains((string)row!["unit"]!)));

    [Theory]
    [InlineData("?kpi=fully_onlin", "fully_online")]
    [InlineData("?period=fortnight", "since:2025-07-01")]
    [InlineData("?period=now", "24h")]
    [InlineData("?period=13h", "1h, 24h, 7d, 30d")]
    [InlineData("?period=month&on=15/07/2025", "2025-07-15")]
    public async Task Figures_QuestionNotUnderstood_IsRefusedWithWhatIsAllowed(string query, string says)
    {
        using var answer = await demo.Serve.Http.GetAsync("/api/v1/figures" + query);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(says, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Units_AllOrThoseFound()
    {
        Assert.Equal(Known.Count, (await demo.Serve.GetAsync("/api/v1/units")).AsArray().Count);
        var found = (await demo.Serve.GetAsync("/api/v1/units?q=ph%E1%BB%91%20hi%E1%BA%BFn")).AsArray();
        Assert.Contains("11953", found.Select(unit => (string)unit!["code"]!));
        Assert.Empty((await demo.Serve.GetAsync("/api/v1/units?q=zzz")).AsArray());
    }

    /// <summary>The demo judges low volume over its own days, never over July 2025, of which it has no data.</summary>
    [Fact]
    public async Task AStreamOfToday_AlertsOfNothingOfJuly2025()
    {
        Assert.DoesNotContain((await demo.Serve.GetAsync("/api/v1/alerts")).AsArray(), alert => ((string)alert!["text"]!)
            .Contains("/2025"));
        Assert.NotEqual("2025-07-01", (string)(await demo.Serve.GetAsync("/api/v1/board"))["lowVolume"]!["since"]!);
    }

    [Fact]
    public async Task Alerts_AreThoseOfTheBoard()
    {
        var alerts = (await demo.Serve.GetAsync("/api/v1/alerts")).AsArray();
        Assert.All(alerts, alert => Assert.Contains((string)alert!["state"]!, (string[])["pending", "firing", "resolved"]));
        Assert.All(alerts, alert => Assert.NotEmpty((string)alert!["text"]!));
    }

    [Theory]
    [InlineData("/board", "text/html")]
    [InlineData("/", "text/html")]
    [InlineData("/api/v1/board", "application/json")]
    [InlineData("/health/live", "text/plain")]
    public async Task Addresses_AnswerInTheirKind(string path, string kind)
    {
        using var answer = await demo.Serve.Http.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(kind, answer.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task Stream_FrameThenDeltasWithGrowingIdsAndNeverSilent()
    {
        var messages = await EventFeed.ReadAsync(demo.Serve.Http, seen => seen.Count == 8);
        Assert.Equal("frame", messages[0].Kind);
        Assert.Equal(Units, messages[0].Body["units"]!.AsArray().Count(unit => (bool)unit!["known"]!));
        var deltas = messages.Skip(1).Where(message => message.Kind != "heartbeat").ToList();
        Assert.All(deltas, delta => Assert.Equal("delta", delta.Kind));
        var ids = messages.Where(message => message.Kind != "heartbeat").Select(message => message.Id).ToList();
        Assert.Equal(ids.Distinct().Order(), ids);
        Assert.InRange(EventFeed.LongestSilence(messages), TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Stream_FrameAndItsDeltas_MakeTheBoard()
    {
        var messages = await EventFeed.ReadAsync(demo.Serve.Http, seen => seen.Count == 6);
        var units = new Dictionary<string, JsonObject>();
        foreach (var unit in messages.SelectMany(message => message.Body["units"]?.AsArray() ?? []))
        {
            LayOver(units, unit!.AsObject());
        }

        // The same frame whole: by a second reader, who comes while it is still the newest.
        var whole = await EventFeed.ReadAsync(demo.Serve.Http, seen => seen.Count == 1);
        var rows = whole[0].Body["units"]!.AsArray();
        var same = rows.Count(unit => JsonNode.DeepEquals(units.GetValueOrDefault((string)unit!["code"]!), unit));
        output.WriteLine($"{same} of {rows.Count} rows are as the deltas left them, {whole[0].Id - messages[^1].Id} frames later");
        Assert.InRange(same, whole[0].Id == messages[^1].Id ? rows.Count : rows.Count - 30, rows.Count);
    }

    [Fact]
    [Fault("slow reader", "20 readers of the board's stream do not read", "nobody else waits; when they read again they get the newest frame")]
    public async Task ReadersThatDoNotRead_HoldNobodyUpAndGetTheNewestFrame()
    {
        var stuck = new List<Socket>();
        try
        {
            for (var i = 0; i < 20; i++)
            {
                stuck.Add(await AskWithoutReadingAsync());
            }

            var messages = await EventFeed.ReadAsync(demo.Serve.Http, seen => seen.Count(message => message.Kind != "heartbeat") == 10);
            Assert.InRange(EventFeed.LongestSilence(messages), TimeSpan.Zero, TimeSpan.FromSeconds(5));
            Assert.True(await ReachesAsync(stuck[0], messages[^1].Id), "a reader that woke up never came to the newest frame");
        }
        finally
        {
            stuck.ForEach(socket => socket.Dispose());
        }
    }

    /// <summary>As the page does: what a delta does not name stays as it was, of a row and of its cells.</summary>
    private static void LayOver(Dictionary<string, JsonObject> units, JsonObject change)
    {
        var code = (string)change["code"]!;
        if (!units.TryGetValue(code, out var unit))
        {
            units[code] = change.DeepClone().AsObject();
            return;
        }

        foreach (var (name, value) in change.Where(member => member is { Key: not "cells", Value: not null }))
        {
            unit[name] = value!.DeepClone();
        }

        foreach (var (figure, cell) in change["cells"]?.AsObject() ?? [])
        {
            unit["cells"]![figure] = cell!.DeepClone();
        }
    }

    private async Task<Socket> AskWithoutReadingAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, demo.Serve.Url.Port));
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET /api/v1/stream HTTP/1.1\r\nHost: {demo.Serve.Url.Authority}\r\n\r\n"));
        return socket;
    }

    // Reads on until a frame at least as new as this one has come.
    private static async Task<bool> ReachesAsync(Socket socket, long id)
    {
        using var limit = new CancellationTokenSource(KpiStreamProcess.Limit);
        using var reader = new StreamReader(new NetworkStream(socket));
        while (await reader.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.StartsWith("id: ") && long.Parse(line.AsSpan(4)) >= id)
            {
                return true;
            }
        }

        return false;
    }
}
