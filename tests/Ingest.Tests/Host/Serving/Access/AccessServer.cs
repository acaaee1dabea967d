using System.Diagnostics;
using System.Net.Http.Headers;
using KpiStream.Engine.Units;
using KpiStream.Ingest.Host.Output;
using KpiStream.Ingest.Host.Serving;
using KpiStream.Ingest.Host.Serving.Access;
using KpiStream.Ingest.Host.Serving.Posting;
using KpiStream.Ingest.Host.Wallboard;

namespace KpiStream.Ingest.Tests.Host.Serving.Access;

/// <summary>A whole <c>serve</c> in this process, over an embedded log, with access as a test wants it.</summary>
internal sealed class AccessServer : IAsyncDisposable
{
    public const string PostKey = "a key of the operator's own";
    public const string Unit = "11953", OtherUnit = "11977", Province = "33";

    private const string Listens = "Wallboard: ";
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource stop = new();
    private readonly StringWriter said = new();
    private AccessRegister? register;
    private Task<int> running = Task.FromResult(0);

    private AccessServer(Settings settings, TemporaryFolder folder)
    {
        (Settings, Folder) = (settings, folder);
        Change = new AccessChange(settings, Shipped.Units(settings.Units), TimeProvider.System);
    }

    public Settings Settings { get; }

    public TemporaryFolder Folder { get; }

    public Uri Url { get; private set; } = null!;

    /// <summary>What the commands do.</summary>
    public AccessChange Change { get; }

    public string Said
    {
        get
        {
            lock (said)
            {
                return said.ToString();
            }
        }
    }

    /// <summary>Starts one and waits until it listens.</summary>
    /// <param name="change">The settings, from the defaults with <c>access</c>.</param>
    /// <param name="folder">Where everything is; null for a folder of its own.</param>
    public static async Task<AccessServer> StartAsync(Func<Settings, TemporaryFolder, Settings>? change = null, TemporaryFolder? folder = null)
    {
        folder ??= new TemporaryFolder();
        var plain = new Settings
        {
            Http = new HttpSettings { Port = 0 },
            Access = new AccessSettings { RequestsPerSecond = 1_000 },
            Log = new LogSettings(folder.File("log")),
            Units = "hungyen",
        };
        var server = new AccessServer(change?.Invoke(plain, folder) ?? plain, folder);
        await server.StartAsync();
        return server;
    }

    /// <summary>What a start with these settings is refused with; empty when it is not.</summary>
    public static IReadOnlyList<ConfigProblem> RefusalOf(Settings settings)
    {
        var problems = new List<ConfigProblem>();
        AccessParts.Open(settings, [PostKey], problems, new OperatorLog(TextWriter.Null, TimeProvider.System), TimeProvider.System);
        return problems;
    }

    private async Task StartAsync()
    {
        var log = new OperatorLog(TextWriter.Synchronized(new LockedWriter(said)), TimeProvider.System);
        var problems = new List<ConfigProblem>();
        var access = AccessParts.Open(Settings, [PostKey], problems, log, TimeProvider.System);
        Assert.Empty(problems);
        register = access?.Register;
        var live = LiveSource.OverLog(Settings.Log!, Settings, PseudonymKey.Fixed, log.Warn);
        var setup = new ServeSetup
        {
            Loaded = SettingsFile.Load(null, [])! with { Settings = Settings, Units = Shipped.Units(Settings.Units) },
            Live = live,
            Key = PseudonymKey.Fixed,
            Posters = new ApiKeys([PostKey], access?.Register),
            Access = access,
            BoardPeriod = Period.TryParse("30d")!,
            State = null,
            SelfChecks = null,
            MapPages = static pages => pages.MapWallboard(),
        };
        running = new ServeRun(setup, log, TimeProvider.System).RunAsync(stop.Token);
        await UntilAsync(() => Said.Contains(Listens) || running.IsCompleted);
        Url = new Uri(Said[(Said.IndexOf(Listens) + Listens.Length)..].Split("/board")[0].Replace("0.0.0.0", "127.0.0.1"));
    }

    /// <summary>Waits for what the server does in its own time.</summary>
    public static async Task UntilAsync(Func<bool> isSo) => await UntilAsync(() => Task.FromResult(isSo()));

    public static async Task<TimeSpan> UntilAsync(Func<Task<bool>> isSo)
    {
        var waited = Stopwatch.StartNew();
        using var tick = new PeriodicTimer(Tick);
        while (!await isSo())
        {
            if (waited.Elapsed > KpiStreamProcess.Limit)
            {
                throw new TimeoutException();
            }

            await tick.WaitForNextTickAsync();
        }

        return waited.Elapsed;
    }

    /// <summary>Creates a key and waits until the server knows it.</summary>
    public async Task<string> CreateKeyAsync(string name, params AccessRole[] roles)
    {
        var key = Change.Create(AccessKind.Key, name, null, entry => entry with { Roles = roles })!;
        await KnowsAsync(AccessKind.Key, key);
        return key;
    }

    /// <summary>Creates a board token and waits until a browser got in with it.</summary>
    public async Task<Browser> OpenBoardAsync(string name, string unit = Province, bool isPublic = false)
    {
        var token = Change.Create(AccessKind.Board, name, null, entry => entry with { Unit = unit, Public = isPublic })!;
        await KnowsAsync(AccessKind.Board, token);
        var browser = new Browser(Url);
        Assert.Equal(302, (await browser.ReadAsync($"/board?token={token}")).Status);
        return browser;
    }

    /// <summary>Waits until the server knows a secret: to send it before would be to send a wrong one.</summary>
    public Task KnowsAsync(AccessKind kind, string secret) => UntilAsync(() => register!.Find(kind, secret) is not null);

    public async Task<int> StatusAsync(string path, string? key, HttpMethod? method = null, string? body = null)
    {
        using var browser = new Browser(Url);
        using var answer = await browser.AskAsync(path, key, method, body);
        return (int)answer.StatusCode;
    }

    public IReadOnlyList<JsonNode> Audit() => File.Exists(AuditPath)
        ? [.. File.ReadAllLines(AuditPath).Select(static line => JsonNode.Parse(line)!)] : [];

    public string AuditPath => Path.Combine(AccessParts.FolderOf(Settings), AccessAudit.Name);

    public string FilePath => Path.Combine(AccessParts.FolderOf(Settings), AccessFile.Name);

    /// <summary>Stops it; the exit code.</summary>
    public async Task<int> StopAsync()
    {
        await stop.CancelAsync();
        return await running.WaitAsync(KpiStreamProcess.Limit);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        stop.Dispose();
        Folder.Dispose();
    }

    private sealed class LockedWriter(StringWriter inner) : StringWriter
    {
        public override void Write(char value)
        {
            lock (inner)
            {
                inner.Write(value);
            }
        }

        public override void Write(string? value)
        {
            lock (inner)
            {
                inner.Write(value);
            }
        }
    }
}

/// <summary>A browser that keeps cookies and follows nothing.</summary>
internal sealed class Browser : IDisposable
{
    private readonly SocketsHttpHandler handler = new()
    {
        AllowAutoRedirect = false,
        CookieContainer = new CookieContainer(),
        SslOptions = { CertificateChainPolicy = TlsTests.AnyCertificate() },
    };

    public Browser(Uri server)
    {
        Http = new HttpClient(handler) { BaseAddress = server, Timeout = KpiStreamProcess.Limit };
    }

    public HttpClient Http { get; }

    public CookieCollection Cookies => handler.CookieContainer.GetCookies(Http.BaseAddress!);

    public async Task<HttpResponseMessage> AskAsync(string path, string? key = null, HttpMethod? method = null, string? body = null, params string[] headers)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, path);
        request.Headers.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
        request.Content = body is null ? null : new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        foreach (var header in headers)
        {
            request.Headers.TryAddWithoutValidation(header.Split(": ")[0], header.Split(": ")[1]);
        }

        return await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    public async Task<(int Status, string Text)> ReadAsync(string path, string? key = null)
    {
        using var answer = await AskAsync(path, key);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Reads a stream up to its next whole frame.</summary>
    public static async Task<JsonNode> NextFrameAsync(StreamReader stream)
    {
        var isFrame = false;
        while (await stream.ReadLineAsync() is { } line)
        {
            isFrame = line.StartsWith("event: ") ? line == "event: frame" : isFrame;
            if (isFrame && line.StartsWith("data: "))
            {
                return JsonNode.Parse(line["data: ".Length..])!;
            }
        }

        throw new EndOfStreamException();
    }

    public void Dispose()
    {
        Http.Dispose();
        handler.Dispose();
    }
}
