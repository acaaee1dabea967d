using KpiStream.Ingest.Host.Serving;
using KpiStream.Ingest.Host.Wallboard;
using KpiStream.Ingest.Sources.Configuration.Alerts;
using KpiStream.Ingest.Sources.Configuration.Loads;

namespace KpiStream.Ingest.Host.Runs.Load;

/// <summary>
/// <c>serve</c> itself in this process, on a port of its own: the load goes through the engine, the board and the web server that a site runs. Stopped once.
/// </summary>
internal sealed class ServedEngine : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(25);

    private readonly CancellationTokenSource over = new();
    private readonly TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly AddressLog log = new();
    private Task<int> running = Task.FromResult(0);
    private StreamEngine? engine;

    private ServedEngine()
    {
    }

    /// <summary>Its shards may be looked into once <see cref="StopAsync"/> has returned.</summary>
    public StreamEngine Engine => engine!;

    public Uri Address => log.Address!;

    /// <summary>What it warned of.</summary>
    public IReadOnlyList<string> Warnings => log.Warnings;

    /// <summary>Ends when the server has, which it should not before it is told to.</summary>
    public Task Ended => running;

    /// <summary>Starts it and waits until it has read the past of its source; null when it could not be started, which <see cref="Warnings"/> say.</summary>
    public static async Task<ServedEngine?> StartAsync(
        LoadPlan plan, UnitDirectory units, Func<Settings, Action<string>, LiveSource> open, EventFollower follower, CancellationToken stop)
    {
        var served = new ServedEngine();
        var settings = Settings.Default with
        {
            Units = plan.Units,
            Shards = plan.Shards,
            Http = new HttpSettings { Port = 0 },
            Kafka = new KafkaSettings { Bootstrap = plan.Bootstrap ?? "", Topic = plan.Target[(plan.Target.IndexOf(':') + 1)..] },
        };
        var rulebook = Shipped.Rulebook().ExportingAll();
        var setup = new ServeSetup
        {
            Loaded = new LoadedSettings(settings, rulebook, units, ProfileSet.Empty) { AlertRules = AlertRulesFile.OfProgram(rulebook, units) },
            Live = open(settings, served.log.Warn),
            Key = PseudonymKey.Fixed,
            Posters = null,
            BoardPeriod = Period.TryParse("30d")!,
            State = null,
            SelfChecks = null,
            MapPages = static pages => pages.MapWallboard(),
            PageVersion = WallboardPage.Version,
            Started = () => served.started.TrySetResult(),
            Opened = started =>
            {
                served.engine = started;
                follower.Follow(started);
            },
            Published = follower.Publish,
        };
        served.running = Task.Run(() => new ServeRun(setup, new OperatorLog(served.log, TimeProvider.System), TimeProvider.System).RunAsync(served.over.Token));
        if (await Task.WhenAny(served.started.Task, served.running).WaitAsync(stop) == served.started.Task && await served.IsReadyAsync(stop))
        {
            return served;
        }

        served.log.Warnings.ToList().ForEach(Terminal.Say);
        await served.DisposeAsync();
        return null;
    }

    /// <summary>Stops it; everything handed over has then been counted.</summary>
    public async Task StopAsync()
    {
        await over.CancelAsync();
        await running;
    }

    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync();
        await ((Task)running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        over.Dispose();
        await log.DisposeAsync();
    }

    private async Task<bool> IsReadyAsync(CancellationToken stop)
    {
        using var http = new HttpClient { BaseAddress = Address };
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(Patience);
        while (!patience.IsCancellationRequested && !running.IsCompleted)
        {
            using var answer = await http.GetAsync(new Uri("/health/ready", UriKind.Relative), stop);
            if (answer.IsSuccessStatusCode)
            {
                return true;
            }

            await Task.Delay(Poll, stop);
        }

        return false;
    }

    /// <summary>The server's log: its address is in it, and its warnings are kept. Any thread may write.</summary>
    private sealed class AddressLog : StringWriter
    {
        private const string Marker = "Wallboard: ";
        private readonly List<string> warnings = [];

        public Uri? Address { get; private set; }

        public IReadOnlyList<string> Warnings
        {
            get
            {
                lock (warnings)
                {
                    return [.. warnings];
                }
            }
        }

        public void Warn(string text)
        {
            lock (warnings)
            {
                warnings.Add(text);
            }
        }

        public override void Write(string? value)
        {
            if (value?.IndexOf(Marker) is >= 0 and var place)
            {
                Address = new Uri(new Uri(value[(place + Marker.Length)..].Split(' ')[0]).GetLeftPart(UriPartial.Authority));
            }

            if (value?.Contains(" ERROR ") is true)
            {
                Warn(value.Trim());
            }
        }
    }
}
