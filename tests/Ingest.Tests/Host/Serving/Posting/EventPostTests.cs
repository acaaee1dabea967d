using System.IO.Compression;
using System.Net.Http.Headers;
using KpiStream.Ingest.Tests.Host.Serving.Metrics;
using KpiStream.Tests.Support.Formats;

namespace KpiStream.Ingest.Tests.Host.Serving.Posting;

/// <summary>
/// <c>POST /api/v1/events</c> as those who post see it: every answer means what it says, and what it says is in the log's files or is not. Tests share a
/// server and count what they add to its log; those that need a server of their own begin with one.
/// </summary>
public sealed class EventPostTests(PostServer shared, ITestOutputHelper output) : IClassFixture<PostServer>, IAsyncLifetime
{
    private const int MostBytes = PostServer.MostBytes;

    private static readonly byte[] Good =
        Encoding.UTF8.GetBytes(CaseLines.Accepted("H31-1", "11953", new DateTimeOffset(2025, 7, 10, 1, 2, 3, TimeSpan.Zero)) + "\n");

    private PostServer? own;
    private int earlier;

    private LogServer Server => (own ?? shared).Server;

    private TemporaryFolder Folder => Server.Folder;

    public async ValueTask InitializeAsync() => earlier = await Server.CountAsync();

    public ValueTask DisposeAsync() => own?.DisposeAsync() ?? default;

    [Fact]
    public async Task GoodAndBadLines_TheGoodAreStoredAndTheBadAreNamed()
    {
        await UseOwnServerAsync();
        var good = Streams.Generate(GenerateProfile.Mixed, BadLines.All.Count, 81);
        var body = Lines(good.Zip(BadLines.All).SelectMany(pair => (byte[][])[pair.First, pair.Second.Line]));
        var reply = await Server.PostAsync(body);
        Assert.Equal((HttpStatusCode.BadRequest, good.Count, BadLines.All.Count), (reply.Status, reply.Accepted, reply.Rejected));
        Assert.Equal(BadLines.All.Index().Select(bad => ((bad.Index * 2) + 2, bad.Item.Reason)), reply.Rejections);
        Assert.DoesNotContain(BadLines.Secret, reply.Text);
        Assert.Equal(good.Count, await AddedAsync());

        // The board, the metrics and the dead letters know of all of them.
        await Server.Serve.UntilAsync("/api/v1/board", board => (long)board["trust"]!["events"]! == good.Count + BadLines.All.Count, KpiStreamProcess.Limit);
        await Server.Serve.UntilAsync("/api/v1/board", board => (long)board["trust"]!["rejectedToday"]! == BadLines.All.Count, KpiStreamProcess.Limit);
        var metrics = await MetricsPage.UntilAsync(Server.Serve, page => page.Sum("kpistream_dead_letters_written_total") == BadLines.All.Count);
        Assert.Equal(good.Count, metrics.Sum("kpistream_events_accepted_total"));
        Assert.Equal(BadLines.All.Count, metrics.Sum("kpistream_events_rejected_total"));
        var letters = await File.ReadAllTextAsync(Folder.File("log/dead-letters.ndjson"));
        Assert.Equal(BadLines.All.Count, letters.Count(character => character == '\n'));
        Assert.DoesNotContain(BadLines.Secret, letters + Server.Serve);
    }

    [Fact]
    public async Task ManyBadLines_AreCountedAndTheFirstThousandNamed()
    {
        var reply = await Server.PostAsync(string.Concat(Enumerable.Repeat("{}\n", 5_000)));
        Assert.Equal((HttpStatusCode.BadRequest, 0, 5_000), (reply.Status, reply.Accepted, reply.Rejected));
        Assert.Equal(Enumerable.Range(1, 1_000).Select(line => (line, "missing:source")), reply.Rejections);
        Assert.Equal(0, await AddedAsync());
    }

    [Fact]
    public async Task AnEventFromTheFuture_IsRejectedByItsArrival()
    {
        var ahead = await Server.PostAsync(CaseLines.Accepted("H31-1", "11953", DateTimeOffset.UtcNow.AddMinutes(20)));
        Assert.Equal([(1, "from_the_future")], ahead.Rejections);
        Assert.Equal(HttpStatusCode.OK, (await Server.PostAsync(CaseLines.Accepted("H31-1", "11953", DateTimeOffset.UtcNow.AddMinutes(5)))).Status);
    }

    [Fact]
    public async Task WithoutAKeyThatIsKnown_NothingIsTaken_AndNoKeyIsEverSaid()
    {
        var almost = Server.Key[..^1] + (Server.Key[^1] == '0' ? '1' : '0');
        foreach (var authorize in (Action<HttpRequestMessage>[])[
            _ => { },
            request => request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", almost),
            request => request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Server.Key),
            request => request.Headers.TryAddWithoutValidation("Authorization", "Bearer "),
            request => request.Headers.Add("X-Api-Key", almost),
            request => request.Headers.Add("X-Api-Key", Server.Key + Server.Key),
        ])
        {
            var reply = await Server.SendAsync(new ByteArrayContent(Good), null, "", authorize);
            Assert.Equal((HttpStatusCode.Unauthorized, "Bearer"), (reply.Status, reply.Challenge));
            Assert.DoesNotContain(almost, reply.Text);
        }

        Assert.Equal(0, await AddedAsync());
        Assert.Equal(HttpStatusCode.OK,
            (await Server.SendAsync(new ByteArrayContent(Good), null, "", request => request.Headers.Add("X-Api-Key", Server.Key))).Status);
        var page = await Server.Serve.Http.GetStringAsync("/metrics") + await Server.Serve.Http.GetStringAsync("/api/v1/board");
        Assert.DoesNotContain(Server.Key, Server.Serve + page);
        Assert.DoesNotContain(almost, Server.Serve + page);
    }

    [Fact]
    public async Task ABodyThatIsTooLong_IsRefusedWhole_HoweverItComes()
    {
        byte[] longer = [.. Good, .. Enumerable.Repeat((byte)'\n', MostBytes + 1 - Good.Length)];
        Assert.Equal(HttpStatusCode.OK, (await Server.PostAsync(longer[..^1])).Status);
        Assert.Equal(HttpStatusCode.OK, (await Server.PostAsync(Gzip(longer[..^1]), "gzip")).Status);
        Assert.Equal(2, await AddedAsync());

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await Server.PostAsync(Gzip(longer), "gzip")).Status);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await Server.PostAsync(Gzip([.. longer, .. new byte[100 << 20]]), "gzip")).Status);
        var chunked = await Server.SendAsync(new StreamContent(new NoLength(longer)), null, "", request => request.Headers.Add("X-Api-Key", Server.Key));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, chunked.Status);
        var told = await TellAsync(
            $"POST {LogServer.Path} HTTP/1.1\r\nHost: localhost\r\nX-Api-Key: {Server.Key}\r\nContent-Length: {MostBytes + 1}\r\n\r\n", thenClose: false);
        Assert.StartsWith("HTTP/1.1 413 ", told);
        Assert.Equal(2, await AddedAsync());
        Assert.DoesNotContain("Exception", Server.Serve.ToString());
    }

    [Theory]
    [InlineData("zstd", HttpStatusCode.UnsupportedMediaType, "gzip, deflate or br")]
    [InlineData("gzip, gzip", HttpStatusCode.UnsupportedMediaType, "gzip, deflate or br")]
    [InlineData("gzip", HttpStatusCode.BadRequest, "compression is damaged")]
    [InlineData("deflate", HttpStatusCode.BadRequest, "compression is damaged")]
    [InlineData("br", HttpStatusCode.BadRequest, "compression is damaged")]
    public async Task ABodyThatCannotBeUnpacked_IsRefusedWithAReason(string encoding, HttpStatusCode status, string said)
    {
        var reply = await Server.PostAsync(Good, encoding);
        Assert.Equal((status, true), (reply.Status, reply.Text.Contains(said)));
        Assert.Equal(0, await AddedAsync());
        Assert.DoesNotContain("Exception", Server.Serve.ToString());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task ACompressedBodyThatEndsTooSoon_IsRefusedWhole(int way)
    {
        var (whole, encoding) = Compress(Lines(Streams.Generate(GenerateProfile.Ordinary, 400, 82)), way);
        foreach (var length in (int[])[whole.Length - 1, whole.Length - 8, whole.Length / 2, 12])
        {
            output.WriteLine($"{length} of {whole.Length} bytes of {encoding}");
            Assert.Equal(HttpStatusCode.BadRequest, (await Server.PostAsync(whole[..length], encoding)).Status);
        }

        Assert.Equal(0, await AddedAsync());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task ACompressedBodyWithAnythingBehindIt_IsRefusedWhole(int way)
    {
        var (whole, encoding) = Compress(Lines(Streams.Generate(GenerateProfile.Ordinary, 20, 86)), way);
        var broken = Gzip(Good);
        broken[2] ^= 1;
        foreach (var tail in (byte[][])[broken, Good, "\n"u8.ToArray(), [0], new byte[600], Compress(Good, 1).Body])
        {
            var reply = await Server.PostAsync([.. whole, .. tail], encoding);
            Assert.Equal((HttpStatusCode.BadRequest, true), (reply.Status, reply.Text.Contains("nothing was stored")));
        }

        Assert.Equal(0, await AddedAsync());
        Assert.Equal((HttpStatusCode.OK, 20), ((await Server.PostAsync(whole, encoding)) is var good ? good.Status : default, good.Accepted));
        Assert.Equal(20, await AddedAsync());
    }

    [Fact]
    public async Task AMessagePackBodyThatClaimsMoreThanThereIs_IsRefusedWhole()
    {
        byte[] good = [0x83, .. Packed("source", "hy"), .. Packed("case", "c1"), 0xa2, (byte)'a', (byte)'t', 0xcf, 0, 0, 1, 0x98, 0x11, 0x2c, 0xb8, 0x7a];
        foreach (var middle in (byte[][])[[0xdf, 0xff, 0xff, 0xff, 0xff], [0x84, .. good[1..]], [0xc1], [0xdb, 0, 0, 1, 0]])
        {
            var reply = await Server.PostAsync([.. good, .. middle, .. good, .. good]);
            Assert.Equal((HttpStatusCode.BadRequest, true), (reply.Status, reply.Text.Contains($"at byte {good.Length}, ")));
        }

        Assert.Equal(0, await AddedAsync());
        Assert.Equal(2, (await Server.PostAsync([.. good, .. good])).Accepted);
    }

    [Theory]
    [InlineData("", "", "holds no records")]
    [InlineData("\n \r\n\n", "", "holds no records")]
    [InlineData("{}", "?profile=other", "no such profile")]
    public async Task ABodyOfNothing_OrAProfileOfNobody_IsRefused(string body, string query, string said)
    {
        var reply = await Server.PostAsync(Encoding.UTF8.GetBytes(body), null, query);
        Assert.Equal((HttpStatusCode.BadRequest, true), (reply.Status, reply.Text.Contains(said)));
    }

    [Fact]
    public async Task AllFormsSizesAndCompressions_AreStoredWhole()
    {
        PythonScript.OrSkip();
        await UseOwnServerAsync();
        const int Seed = 83;
        output.WriteLine($"seed {Seed}");
        var chance = new Random(Seed);
        var lines = Streams.Generate(GenerateProfile.Mixed, 6_000, Seed);
        var packed = await FormConverter.ConvertAsync(lines, "map", "random");
        var sent = 0;
        foreach (var records in (IReadOnlyList<byte[]>[])[lines, packed])
        {
            for (var at = 0; at < records.Count;)
            {
                var batch = records.Skip(at).Take(chance.Next(3) == 0 ? 1 : chance.Next(1, 1_500)).ToList();
                var (body, encoding) = Compress(records == lines ? Lines(batch) : [.. batch.SelectMany(record => record)], chance.Next(5));
                var reply = await Server.PostAsync(body, encoding);
                Assert.True(reply.Status == HttpStatusCode.OK, reply.Text);
                Assert.Equal(batch.Count, reply.Accepted);
                at += batch.Count;
                sent += batch.Count;
                Assert.Equal(sent, await AddedAsync());
            }
        }

        var stored = await LogServer.StoredAsync(Server.Log);
        Assert.Equal(stored[..lines.Count], stored[lines.Count..]);
    }

    [Fact]
    public async Task ABatchSentFiveTimes_ChangesNoFigure()
    {
        await UseOwnServerAsync();
        var body = Lines(Streams.Generate(GenerateProfile.Ordinary, 2_000, 84));
        Assert.Equal(HttpStatusCode.OK, (await Server.PostAsync(body)).Status);
        var once = await FiguresAtAsync(2_000);
        for (var again = 2; again <= 5; again++)
        {
            Assert.Equal(HttpStatusCode.OK, (await Server.PostAsync(body)).Status);
        }

        var figures = await FiguresAtAsync(10_000);
        Assert.True(once.Length > 10_000, once);
        Assert.Equal(once, figures);

        // Events are counted when they are read, duplicates when they are folded, which is a moment later.
        await Server.Serve.UntilAsync("/api/v1/board", static board => (long)board["trust"]!["duplicates"]! >= 8_000, KpiStreamProcess.Limit);
    }

    [Fact]
    [Fault("slow sender", "twelve senders with a key that stand still in the middle of their batches",
        "others are answered 200 meanwhile, and the slow ones too when they go on")]
    public async Task SendersThatStandStill_KeepNobodyWaiting_AndAreTakenWhenTheyGoOn()
    {
        const int Slow = 12;
        var senders = await Task.WhenAll(Enumerable.Range(0, Slow).Select(_ => SlowSender.BeginAsync(Server, Good)));
        for (var other = 0; other < 20; other++)
        {
            Assert.Equal(HttpStatusCode.OK, (await Server.PostAsync(Good)).Status);
        }

        Assert.Equal(20, await AddedAsync());
        await Task.WhenAll(senders.Select(sender => sender.EndAsync(Good)));
        Assert.All(await Task.WhenAll(senders.Select(sender => sender.AnswerAsync())),
            answer => Assert.StartsWith("HTTP/1.1 200 ", answer));
        Assert.Equal(20 + (Slow * 2), await AddedAsync());
        Array.ForEach(senders, sender => sender.Dispose());
    }

    [Fact]
    [Fault("HTTP client gone", "a sender goes away in the middle of its batch", "nothing of it is stored, nothing is said")]
    public async Task ASenderThatGoesInTheMiddle_LeavesNothing_AndNoNoise()
    {
        await UseOwnServerAsync();
        var lines = Encoding.UTF8.GetString(Lines(Streams.Generate(GenerateProfile.Ordinary, 50, 85)));
        var head = $"POST {LogServer.Path} HTTP/1.1\r\nHost: localhost\r\nX-Api-Key: {Server.Key}\r\n";
        await TellAsync($"{head}Content-Length: {lines.Length + 1_000}\r\n\r\n{lines}", thenClose: true);
        await TellAsync($"{head}Transfer-Encoding: chunked\r\n\r\n{lines.Length:x}\r\n{lines}\r\n", thenClose: true);
        await TellAsync($"{head}Transfer-Encoding: chunked\r\n\r\n{lines.Length:x}\r\n{lines}\r\nno length\r\n", thenClose: true);
        Assert.Equal(HttpStatusCode.OK, (await Server.PostAsync(Good)).Status);
        await Server.Serve.TerminateAsync();
        Assert.Equal(1, await AddedAsync());
        Assert.DoesNotContain("Exception", Server.Serve.ToString());
    }

    [Fact]
    public async Task KeysAreTheirOwnersAlone_AndTheNextLifeUsesThem()
    {
        await UseOwnServerAsync();
        string[] secrets = ["log/api.key", "log/pseudonym.key"];
        var before = secrets.Select(name => File.ReadAllText(Folder.File(name))).ToList();
        Assert.All(secrets, name =>
            Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(Folder.File(name)) == (UnixFileMode.UserRead | UnixFileMode.UserWrite), name));
        Assert.Equal(HttpStatusCode.OK, (await Server.PostAsync(Good)).Status);

        var second = await KpiStreamProcess.RunInAsync(Folder.Path, "serve", "--port", "0");
        Assert.Equal((4, true), (second.ExitCode, second.Errors.Contains("in use by another process")));
        await own!.RestartAsync();
        Assert.Equal(before, secrets.Select(name => File.ReadAllText(Folder.File(name))));
        Assert.Equal(HttpStatusCode.OK, (await Server.PostAsync(Good)).Status);
        var stored = await LogServer.StoredAsync(Server.Log);
        Assert.Equal(stored[0], stored[1]);
    }

    private async Task UseOwnServerAsync()
    {
        own = new PostServer();
        await own.InitializeAsync();
        earlier = 0;
    }

    /// <summary>The events that came into the log's files since this test began.</summary>
    private async Task<int> AddedAsync() => await Server.CountAsync() - earlier;

    private static byte[] Lines(IEnumerable<byte[]> lines) => [.. lines.SelectMany(line => line.Append((byte)'\n'))];

    private static byte[] Packed(string key, string value) =>
        [(byte)(0xa0 | key.Length), .. Encoding.ASCII.GetBytes(key), (byte)(0xa0 | value.Length), .. Encoding.ASCII.GetBytes(value)];

    private static byte[] Gzip(byte[] bytes) => Pack(bytes, to => new GZipStream(to, CompressionLevel.Fastest));

    private static (byte[] Body, string? Encoding) Compress(byte[] body, int way) => way switch
    {
        0 => (Gzip(body), "gzip"),
        1 => (Pack(body, to => new ZLibStream(to, CompressionLevel.Fastest)), "deflate"),
        2 => (Pack(body, to => new BrotliStream(to, CompressionLevel.Fastest)), "br"),
        3 => (body, "identity"),
        _ => (body, null),
    };

    private static byte[] Pack(byte[] bytes, Func<Stream, Stream> packer)
    {
        using var packed = new MemoryStream();
        using (var to = packer(packed))
        {
            to.Write(bytes);
        }

        return packed.ToArray();
    }

    /// <summary>July's figures, when this many events have been counted.</summary>
    private async Task<string> FiguresAtAsync(int events)
    {
        await Server.Serve.UntilAsync("/api/v1/board", board => (long)board["trust"]!["events"]! == events, KpiStreamProcess.Limit);
        return await Server.Serve.Http.GetStringAsync("/api/v1/figures?period=month&on=2025-07-10");
    }

    /// <summary>Says something in this many bytes; what is answered, or nothing when the connection is closed at once.</summary>
    private async Task<string> TellAsync(string request, bool thenClose)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", Server.Serve.Url.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(request));
        if (thenClose)
        {
            return "";
        }

        var answer = new byte[1_000];
        return Encoding.ASCII.GetString(answer, 0, await stream.ReadAsync(answer));
    }

    /// <summary>Hides its length, so that it is sent in chunks.</summary>
    private sealed class NoLength(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }

    /// <summary>One who sends the beginning of a body at once and its end when told.</summary>
    private sealed class SlowSender(TcpClient client) : IDisposable
    {
        // The web server gives up those who send less than 1 kB a second: these blank lines give more than a minute.
        private static readonly byte[] Patience = [.. Enumerable.Repeat((byte)'\n', 100_000)];

        public static async Task<SlowSender> BeginAsync(LogServer server, byte[] beginning)
        {
            var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", server.Serve.Url.Port);
            var head = $"POST {LogServer.Path} HTTP/1.1\r\nHost: localhost\r\nX-Api-Key: {server.Key}\r\nConnection: close\r\nTransfer-Encoding: "
                + "chunked\r\n\r\n";
            await client.GetStream().WriteAsync((byte[])[.. Encoding.ASCII.GetBytes(head), .. Chunk([.. beginning, .. Patience])]);
            return new SlowSender(client);
        }

        public async Task EndAsync(byte[] rest) => await client.GetStream().WriteAsync((byte[])[.. Chunk(rest), .. Chunk([])]);

        public async Task<string> AnswerAsync()
        {
            var answer = new byte[1_000];
            return Encoding.ASCII.GetString(answer, 0, await client.GetStream().ReadAsync(answer));
        }

        public void Dispose() => client.Dispose();

        private static byte[] Chunk(byte[] bytes) => [.. Encoding.ASCII.GetBytes($"{bytes.Length:x}\r\n"), .. bytes, .. "\r\n"u8];
    }
}
