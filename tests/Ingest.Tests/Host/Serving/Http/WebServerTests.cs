namespace KpiStream.Ingest.Tests.Host.Serving.Http;

/// <summary>What everybody gets from the server that asks it anything in any way.</summary>
public sealed class WebServerTests(HostileServer hostile, ITestOutputHelper output) : IClassFixture<HostileServer>
{
    private const string LoopbackInHexadecimal = "0100007F";

    private static readonly string[] Read =
        ["/", "/health/live", "/health/ready", "/metrics", "/board", "/api/v1/board", "/api/v1/alerts", "/api/v1/units", "/api/v1/figures",
            "/api/v1/series?kpi=fully_online&kpi=received&step=month", "/api/v1/rulebook", "/api/v1/sources", "/api/v1/stream", "/api/v1/gaps"];

    private ServeProcess Serve => hostile.Server.Serve;

    [Fact]
    [Fault("hostile settings", "`serve` starts where appsettings.json and the environment name other addresses and the development mode",
        "it listens on its own loopback address alone and shows no stack trace")]
    public async Task SettingsOfTheWebFramework_InTheFolderAndTheEnvironment_OpenNothing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the kernel's tables are Linux's");
        Assert.Equal([(LoopbackInHexadecimal, hostile.Port)], hostile.Listening());
        Assert.DoesNotContain(hostile.Port, hostile.Ports);
        Assert.DoesNotContain("dbug:", Serve.ToString());
        Seen.Say(output, $"one address: 127.0.0.1");
        var answer = await RawHttp.AskAsync(hostile.Port, "GET /api/v1/figures?period=x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 400 ", answer);
        Assert.DoesNotContain("   at ", answer);
    }

    [Theory]
    [InlineData("evil.example", 421)]
    [InlineData("evil.example:80", 421)]
    [InlineData("localhost.evil.example", 421)]
    [InlineData("xn--", 421)]
    [InlineData("localhost.xn--a", 421)]
    [InlineData("localhost", 200)]
    [InlineData("127.0.0.1:9", 200)]
    [InlineData("[::1]", 200)]
    [InlineData("kpi.example.vn", 200)]
    public async Task ANameThatIsNotOurs_IsRefusedOnEveryAddress(string host, int status)
    {
        foreach (var path in (string[])["/health/live", "/metrics", "/board", "/api/v1/alerts", "/api/v1/units"])
        {
            var answer = await RawHttp.AskAsync(hostile.Port, $"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
            Assert.StartsWith($"HTTP/1.1 {status} ", answer);
            Assert.Contains("X-Content-Type-Options: nosniff\r\n", answer);
            Assert.Equal(status == 421, answer.Contains("http.allowed_hosts"));
        }
    }

    [Fact]
    public async Task APostToANameThatIsNotOurs_StoresNothing()
    {
        var before = await hostile.Server.CountAsync();
        var line = CaseLines.Accepted("H31-1", "11953", DateTimeOffset.UtcNow.AddHours(-1));
        var answer = await RawHttp.AskAsync(hostile.Port, $"POST {LogServer.Path} HTTP/1.1\r\nHost: evil.example\r\nX-Api-Key: "
            + $"{hostile.Server.Key}\r\nConnection: close\r\nContent-Length: {line.Length}\r\n\r\n{line}");
        Assert.StartsWith("HTTP/1.1 421 ", answer);
        Assert.Equal(before, await hostile.Server.CountAsync());
    }

    [Fact]
    public async Task Head_IsAnsweredAsGetWithoutABody()
    {
        foreach (var path in Read)
        {
            using var request = new HttpRequestMessage(HttpMethod.Head, path);
            using var answer = await Serve.Http.SendAsync(request);
            Assert.True(answer.IsSuccessStatusCode, $"{path}: {answer.StatusCode}");
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
            Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
        }
    }

    [Fact]
    public async Task Options_SaysWhichMethodsThereAre()
    {
        foreach (var path in Read.Append(LogServer.Path).Append("/api/v1/cases/00000000000000000000000000000000"))
        {
            using var request = new HttpRequestMessage(HttpMethod.Options, path);
            using var answer = await Serve.Http.SendAsync(request);
            Assert.Equal((HttpStatusCode.NoContent, path), (answer.StatusCode, path));
            string[] methods = path == LogServer.Path ? ["OPTIONS", "POST"] : ["GET", "HEAD", "OPTIONS"];
            Assert.Equal(methods, answer.Content.Headers.Allow.Order());
        }
    }

    [Theory]
    [InlineData("GET", "/nothing", 404, "/api/v1/figures")]
    [InlineData("GET", "/api/v1/explain", 404, "/board")]
    [InlineData("OPTIONS", "/nothing", 404, "/board")]
    [InlineData("DELETE", "/api/v1/board", 405, "It takes: GET, HEAD, OPTIONS")]
    [InlineData("POST", "/health/live", 405, "It takes: GET, HEAD, OPTIONS")]
    [InlineData("GET", "/api/v1/events", 405, "It takes: POST, OPTIONS")]
    [InlineData("BREW", "/metrics", 405, "does not take BREW")]
    [InlineData("GET", "/api/v1/cases/x", 400, "pseudonym")]
    [InlineData("GET", "/api/v1/cases/0123456789abcdef0123456789abcdef", 404, "no case")]
    [InlineData("GET", "/api/v1/cases/00000000000000000000000000000000", 404, "no case")]
    [InlineData("POST", "/api/v1/events", 401, "API key")]
    [InlineData("GET", "/api/v1/figures?perod=month", 400, "did you mean 'period'?")]
    [InlineData("GET", "/api/v1/figures?period=month&period=day", 400, "given 2 times")]
    [InlineData("GET", "/api/v1/figures?kpi=fully_onlin", 400, "did you mean 'fully_online'?")]
    [InlineData("GET", "/api/v1/figures?period=mont", 400, "did you mean 'month'?")]
    [InlineData("GET", "/api/v1/figures?period=30d&on=2025-07-01", 400, "Leave 'on' out")]
    [InlineData("GET", "/api/v1/figures?unit=1195", 400, "Did you mean ")]
    [InlineData("GET", "/api/v1/figures?unit=Ph%E1%BB%91%20Hi%E1%BA%BFn", 400, "11953")]
    [InlineData("GET", "/api/v1/figures?unit=nowhere", 400, "/api/v1/units?q=")]
    [InlineData("GET", "/api/v1/series", 400, "Say which figure: kpi=")]
    [InlineData("GET", "/api/v1/series?kpi=fully_online&unit=33&unit=VN", 400, "given 2 times")]
    [InlineData("GET", "/api/v1/series?kpi=fully_online&step=weak", 400, "did you mean 'week'?")]
    [InlineData("GET", "/api/v1/series?kpi=fully_online&count=401", 400, "from 1 to 400")]
    [InlineData("GET", "/api/v1/units?name=x", 400, "allowed: q, limit, cursor")]
    [InlineData("GET", "/api/v1/gaps?open=1", 400, "no parameter 'open' here")]
    [InlineData("GET", "/api/v1/alerts?limit=many", 400, "a whole number of rows from 1 to 10000, not 'many'")]
    [InlineData("GET", "/api/v1/figures?limit=0", 400, "from 1 to 10000")]
    [InlineData("GET", "/api/v1/figures?cursor=2", 400, "Take it from the Link header")]
    [InlineData("GET", "/api/v1/units?cursor=xyz", 400, "Take it from the Link header")]
    [InlineData("GET", "/api/v1/board?x=1", 400, "no parameter 'x': allowed: unit, period")]
    [InlineData("GET", "/api/v1/stream?x=1", 400, "no parameter 'x'")]
    [InlineData("GET", "/api/v1/alerts?x=1", 400, "no parameter 'x'")]
    public async Task WhatIsNotUnderstood_IsAnsweredWithAProblemThatSaysWhatToDo(string method, string path, int status, string says)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var answer = await Serve.Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.Equal((status, "application/problem+json"), ((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        var problem = JsonNode.Parse(text)!;
        Assert.Equal(status, (int)problem["status"]!);
        Assert.NotEmpty((string)problem["title"]!);
        Assert.Contains(says, (string)problem["detail"]!);
    }

    [Fact]
    public async Task EverythingThatRunsBesideTheSource_IsWatched()
    {
        var page = await Metrics.MetricsPage.UntilAsync(Serve, static page => page.Sum("kpistream_background_running") > 0);
        string[] all = ["checkpoints", "dead letters to the file", "keeping alerts", "the board", "the engine",
            "the list of wallboards", "the look at the log's files",
            "the self-check", "writing the log"];
        var text = await Serve.Http.GetStringAsync("/metrics");
        Assert.All(all, work => Assert.Contains($"kpistream_background_running{{work=\"{work}\"}} 1\n", text));
        Assert.Equal(all.Length, page.Sum("kpistream_background_running"));
    }

    [Fact]
    public async Task ALongList_IsReadPageByPage()
    {
        var read = new List<string>();
        for (var next = "/api/v1/units?q=&limit=40"; next is not null;)
        {
            using var answer = await Serve.Http.GetAsync(next);
            var rows = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.AsArray();
            Assert.InRange(rows.Count, 1, 40);
            read.AddRange(rows.Select(static row => (string)row!["code"]!));
            next = answer.Headers.TryGetValues("Link", out var links) ? links.Single().Split('>')[0].TrimStart('<') : null;
        }

        var whole = (await Serve.GetAsync("/api/v1/units")).AsArray().Select(static row => (string)row!["code"]!);
        Assert.Equal(whole, read);
    }

    [Fact]
    public async Task NoQuestionEver_MakesTheServerFail()
    {
        const int Seed = 91;
        const int Questions = 600;
        output.WriteLine($"seed {Seed}");
        var chance = new Random(Seed);
        string[] paths = ["figures", "figures", "figures", "units", "board", "alerts", "cases/%00", "cases/..%2f", "cases/%ff%fe"];
        string[] names = ["kpi", "unit", "period", "on", "q", "limit", "cursor", "profile", "PERIOD", "%00", "x"];
        string[] values =
        [
            "day", "week", "month", "quarter", "year", "now", "24h", "30d", "0h", "-1d", "99999999999999999999d", "2147483647d", "2147483648h", "3661d",
            "since:", "since:0001-01-01", "since:9999-12-31",
            "since:2025-02-30", "0001-01-01..9999-12-31", "9999-12-31..9999-12-31", "9999-12-31..0001-01-01", "..", "a..b", "0001-01-01", "9999-12-31",
            "9999-01-01", "10000-01-01", "2025-07-15", "",
            "%00", "%ff", "%ED%A0%80", "%EF%BF%BF", "%F4%8F%BF%BF", "%CC%88", "fully_online", "received", "11953", "33", "?", "Ph%E1%BB%91", "%25", "+",
            new('a', 3_000), "%E1%BB%91" + new string('%', 5), "1e308", "NaN",
        ];
        for (var asked = 0; asked < Questions; asked++)
        {
            var query = string.Join('&', Enumerable.Range(0, chance.Next(4)).Select(_ => $"{names[chance.Next(names.Length)]}="
                + $"{values[chance.Next(values.Length)]}"));
            var question = $"/api/v1/{paths[chance.Next(paths.Length)]}?{query}";
            using var answer = await Serve.Http.GetAsync(question);
            Assert.True((int)answer.StatusCode is < 500 or 503, $"{question}: {answer.StatusCode}");
        }

        foreach (var period in (string[])["day", "month", "quarter", "year"])
        {
            foreach (var day in (string[])["0001-01-01", "9999-12-31"])
            {
                Assert.Equal(200, await Serve.StatusOfAsync($"/api/v1/figures?period={period}&on={day}"));
            }
        }

        Assert.DoesNotContain("xception", Serve.ToString());
        Assert.DoesNotContain("   at ", Serve.ToString());
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("NONSENSE\r\n\r\n")]
    [InlineData("POST /api/v1/events HTTP/1.1\r\nHost: localhost\r\nX-Api-Key: KEY\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\nno length\r\n")]
    [InlineData("POST /api/v1/events HTTP/1.1\r\nHost: localhost\r\nX-Api-Key: KEY\r\nConnection: close\r\nContent-Length: -5\r\n\r\n")]
    public async Task ARequestThatIsBroken_Is400_AndIsNotLogged(string request)
    {
        var answer = await RawHttp.AskAsync(hostile.Port, request.Replace("KEY", hostile.Server.Key));
        Assert.StartsWith("HTTP/1.1 400 ", answer);
        Assert.DoesNotContain("xception", Serve.ToString());
    }

    [Fact]
    public async Task ABatchOfMoreRecordsThanItMayHold_IsRefusedWhole_BeforeItCostsAnything()
    {
        var before = await hostile.Server.CountAsync();
        var line = CaseLines.Accepted("H31-1", "11953", DateTimeOffset.UtcNow.AddHours(-1)) + "\n";
        var many = await hostile.Server.PostAsync(Gzip(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(line, 20_001)))), "gzip");
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, true), (many.Status, many.Text.Contains("more than 20000 records")));

        // The most rejected lines there is room for, in a few kilobytes: eight at once, as fast as they come.
        var nonsense = new byte[8 << 20];
        for (var at = 0; at < nonsense.Length; at += 2)
        {
            (nonsense[at], nonsense[at + 1]) = ((byte)'x', (byte)'\n');
        }

        var packed = Gzip(nonsense);
        Assert.InRange(packed.Length, 1, 64 << 10);
        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => hostile.Server.PostAsync(packed, "gzip")));
        Assert.All(replies, reply =>
            Assert.Equal((HttpStatusCode.BadRequest, true), (reply.Status, reply.Text.Contains("More than 10000 records"))));
        Assert.Equal(before, await hostile.Server.CountAsync());

        // Of eighty thousand rejected records ten thousand are noted.
        var metrics = await Metrics.MetricsPage.UntilAsync(Serve, page => page.Sum("kpistream_events_rejected_total") >= 80_000);
        Assert.InRange(metrics.Sum("kpistream_dead_letters_omitted_total"), 60_000, 80_008);
        Assert.Contains("kpistream_dead_letters_omitted_total", Serve.ToString());
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var to = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.SmallestSize))
        {
            to.Write(bytes);
        }

        return packed.ToArray();
    }
}
