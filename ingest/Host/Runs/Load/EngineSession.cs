using KpiStream.Ingest.Host.Serving;
using KpiStream.Ingest.Kafka;
using KpiStream.Ingest.Sources.Configuration.Loads;

namespace KpiStream.Ingest.Host.Runs.Load;

/// <summary>The engine in this process, behind <c>serve</c>'s own board and web server; fed directly, or through a topic.</summary>
internal sealed class EngineSession : LoadSession
{
    private readonly UnitDirectory units;
    private readonly ServedEngine served;
    private readonly EventFollower follower;
    private readonly BoardClient client;
    private readonly LoadSource? source;
    private readonly KafkaWriter? writer;

    private EngineSession(UnitDirectory units, ServedEngine served, EventFollower follower, LoadSource? source, (KafkaWriter Writer, LoadClock Clock)? topic)
    {
        (this.units, this.served, this.follower, this.source, writer) = (units, served, follower, source, topic?.Writer);
        client = new BoardClient(served.Address, (frame, _) => follower.Receive(frame));
        Target = source ?? (ILoadTarget)new TopicLoadTarget(topic!.Value.Writer, topic.Value.Clock);
    }

    public override ILoadTarget Target { get; }

    public override LoadProgress Progress => follower;

    public override Uri Address => served.Address;

    public override string Failure => served.Ended.IsCompleted || follower.Broken.IsFaulted
        ? $"the engine has ended: {string.Join(' ', served.Warnings)}{follower.Broken.Exception?.GetBaseException().Message}"
        : writer?.ErrorMessage ?? "";

    /// <summary>Null when it could not be started, which has been said.</summary>
    public static async Task<EngineSession?> OpenAsync(LoadPlan plan, UnitDirectory units, LatencyBook book, LoadClock clock, CancellationToken stop)
    {
        var following = new EventFollower(book, clock);
        var fed = new LoadSource(following, clock);
        var server = await ServedEngine.StartAsync(
            plan, units, (_, _) => LiveSource.OverDemo(fed, GenerateStart(plan)), following, stop);
        return server is null ? null : await ConnectedAsync(new EngineSession(units, server, following, fed, null), stop);
    }

    /// <summary>As <see cref="OpenAsync"/>, through a topic, which must be empty.</summary>
    public static async Task<EngineSession?> OpenTopicAsync(
        LoadPlan plan, KafkaAccess access, UnitDirectory units, LatencyBook book, LoadClock clock, CancellationToken stop)
    {
        var topic = plan.Target[LoadTargets.KafkaPrefix.Length..];
        var connection = new KafkaConnection(plan.Bootstrap!, topic)
        {
            // A load wants every event on its way at its moment, and not in fuller batches.
            Properties = access.Properties.ContainsKey("linger.ms") ? access.Properties
                : new Dictionary<string, string>(access.Properties) { ["linger.ms"] = "1" },
        };
        var opening = await KafkaWriter.OpenAsync(new KafkaTarget(connection) { Partitions = plan.Partitions, Log = static _ => { } }, stop);
        if (opening.Writer is not { } writer)
        {
            Terminal.Say(opening.Message);
            return null;
        }

        var following = new EventFollower(book, clock);
        var found = await TopicInspector.TakeAsync(connection with { Properties = access.Properties }, TimeSpan.FromSeconds(10), stop);
        if (found.Error.Length > 0 || found.Partitions.Values.Any(static bounds => bounds.High > bounds.Low))
        {
            Terminal.Say(found.Error.Length > 0 ? found.Error : $"the topic {topic} holds records already, and figures would be of those too: give a topic "
                + "that does not exist yet, or an empty one.");
            writer.Dispose();
            return null;
        }

        var server = await ServedEngine.StartAsync(plan, units, (settings, warn) =>
        {
            var live = LiveSource.OverKafka(settings with { Kafka = settings.Kafka with { Properties = access.Properties } }, warn);
            return live with { Source = new FollowedSource(live.Source, following, clock), IsDemo = true };
        }, following, stop);
        if (server is not null)
        {
            return await ConnectedAsync(new EngineSession(units, server, following, null, (writer, clock)), stop);
        }

        writer.Dispose();
        return null;
    }

    public override async Task<LoadAnswer> CheckAsync(LoadRecount recount, CancellationToken stop)
    {
        source?.End();
        await client.DisposeAsync();
        await served.StopAsync();
        await recount.RunAsync(stop);
        var states = served.Engine.States;
        var fingerprint = default(Fingerprint);
        var now = states.Max(static state => state.Ledger.Now);
        foreach (var state in states)
        {
            state.Ledger.AdvanceTo(now);
            fingerprint.Merge(state.Ledger.Fingerprint);
        }

        var export = new FigureExport(served.Engine.Rules, served.Engine.Options.Codes.Units, units, now, rollUp: true);
        var differences = RowComparison.Between(
            Csv(export.Rows([.. states.Select(static state => state.Ledger)], recount.Periods)), Csv(recount.Counted.Rows(recount.Periods, now, rollup: true)),
            out var compared);
        var counted = states.Sum(static state => state.Applied + state.Duplicates);
        if (counted != recount.Accepted)
        {
            differences.Insert(0, $"the engine counted {counted:N0} events and the recount {recount.Accepted:N0}");
        }

        if (fingerprint.ToString() != recount.Fingerprint)
        {
            differences.Insert(0, $"the fingerprint is {fingerprint} and the recount's {recount.Fingerprint}");
        }

        return new LoadAnswer(compared, differences, fingerprint.ToString(), recount.Fingerprint)
        {
            Rejected = recount.Rejected,
            Cases = states.Sum(static state => (long)state.Cases.Count),
        };
    }

    public override async ValueTask DisposeAsync()
    {
        source?.End();
        await client.DisposeAsync();
        await served.DisposeAsync();
        writer?.Dispose();
    }

    protected override Task FlushAsync(CancellationToken stop) => writer is null ? Task.CompletedTask : Task.Run(() => writer.TryFlush(stop), stop);

    private static DateOnly GenerateStart(LoadPlan plan) => plan.Generate?.Start ?? LocalTime.DateOf(LocalTime.DayOf(plan.From ?? 0));

    /// <summary>Rows that are zero are left out of both: one that is zero on one side only is missing there.</summary>
    private static string Csv(IEnumerable<FigureRow> rows)
    {
        using var text = new StringWriter();
        FigureCsv.Write(text, rows.Where(static row => row.Denominator > 0));
        return text.ToString();
    }

    private static async Task<EngineSession> ConnectedAsync(EngineSession session, CancellationToken stop)
    {
        await (session.source?.Begun ?? Task.CompletedTask).WaitAsync(stop);
        for (var connecting = session.client.ConnectAsync(stop); ; await Task.Delay(Poll, stop))
        {
            if (connecting.IsCompleted)
            {
                await connecting;
                return session;
            }

            session.Target.Flush();
        }
    }
}
