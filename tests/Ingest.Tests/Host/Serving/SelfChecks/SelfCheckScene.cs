using KpiStream.Engine.Reconciliation;
using KpiStream.Ingest.Host.Serving.Alerts;
using KpiStream.Ingest.Host.Serving.SelfChecks;
using KpiStream.Ingest.Tests.Sources.Generation;
using Microsoft.Extensions.Time.Testing;

namespace KpiStream.Ingest.Tests.Host.Serving.SelfChecks;

/// <summary>An engine that is given a hostile stream line by line, and the file of it as the log behind; now is a noon of the stream's third week.</summary>
internal sealed class SelfCheckScene : IAsyncDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly IReadOnlyList<byte[]> lines;
    private int fed;

    public SelfCheckScene(int events, ulong seed, int shards = 3, SelfCheckPolicy? policy = null)
    {
        lines = Streams.Generate(GenerateProfile.Hostile, events, seed);
        File = folder.Write("log.ndjson", lines);
        Engine = new StreamEngine(new EngineOptions { Rulebook = Shipped.Rulebook(), Directory = Shipped.Units("hungyen"), Shards = shards });
        Cuts = new BarrierSink(Engine.OpenIntake("test"), Engine, new StreamBounds(), Time);
        var log = new RecountLog { Open = _ => new FileSource([FileInput.FromPath(File)]), FirstPosition = 1, IsGapless = true, Missing = () => Missing };
        var how = policy ?? new SelfCheckPolicy(TimeSpan.FromTicks(1), Seed: 1) { Share = 1 };
        Check = new SelfCheck(Engine, Cuts, log, how, Time);
        Service = new SelfCheckService(Check, new UnitDayChoice(Engine, how.Seed), how.Every, () => true,
            new AlertText(Shipped.Rulebook(), Shipped.Units("hungyen")),
            Said.Add, TimeProvider.System);
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2025, 7, 3, 12, 0, 0, TimeSpan.FromHours(7)));

    /// <summary>The log; to be changed behind the engine's back.</summary>
    public string File { get; }

    /// <summary>What the log is known to lack of what was counted.</summary>
    public string Missing { get; set; } = "";

    public StreamEngine Engine { get; }

    public BarrierSink Cuts { get; }

    public SelfCheck Check { get; }

    public SelfCheckService Service { get; }

    public List<string> Said { get; } = [];

    public int Lines => lines.Count;

    /// <summary>Hands lines over as a source does. Lines have a number from 1.</summary>
    public void Feed(int count)
    {
        for (var end = Math.Min(lines.Count, fed + count); fed < end;)
        {
            var line = lines[fed++];
            Cuts.Accept(line, new SourcePosition(0, fed), DecodeLimits.UnknownArrival);
        }
    }

    /// <summary>Lets time pass, as the board does for an engine that serves.</summary>
    public Task TickAsync(TimeSpan time)
    {
        Cuts.Flush();
        Time.Advance(time);
        return Engine.AdvanceToAsync(Time.GetUtcNow().ToUnixTimeMilliseconds());
    }

    /// <summary>Checks a place at a cut that falls between two lines, and continues handing over <paramref name="more"/> lines while the log is read.</summary>
    public async Task<SelfCheckResult> CheckAsync(UnitDay place, int more = 0)
    {
        using var limit = new CancellationTokenSource(KpiStreamProcess.Limit);
        var checking = Check.RunAsync(place, limit.Token);
        Cuts.Flush();
        Feed(more);
        while (!checking.IsCompleted)
        {
            // A cut of an unfinished day may be asked for again.
            Cuts.Flush();
            await Task.Yield();
        }

        return await checking;
    }

    /// <summary>Counts feedback that is in no log on a unit's day, or takes such a one back, as a mistake in the engine would.</summary>
    public Task PlantAsync(UnitDay place, int difference) => Engine.AskShardAsync(0, state =>
    {
        var unit = Engine.Options.Codes.Units.Find(place.Unit);
        var noon = LocalTime.StartOfDay(LocalTime.DayOf(place.Day)) + (LocalTime.MillisPerDay / 2);
        var planted = new CaseFacts(1UL << (int)Condition.KindFeedback, 0, 0, 0, 0, noon, unit, unit);
        for (var i = 0; i < Math.Abs(difference); i++)
        {
            state.Ledger.Move(new CaseId(1, (ulong)i), difference < 0 ? planted : default, difference < 0 ? default : planted);
        }

        return true;
    });

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        folder.Dispose();
    }
}
