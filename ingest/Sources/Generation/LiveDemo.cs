namespace KpiStream.Ingest.Sources.Generation;

/// <summary>
/// What <c>serve --demo</c> reads instead of Kafka: thirty days of history at full speed, and then the same offices living on in real
/// time. Besides what office hours bring, about two events a second are hurried along round the clock, so that a wallboard
/// also moves at night; what is stated is always the present time. Ends only when stopped. Restart: from the beginning.
/// </summary>
/// <param name="directory">Whose cases.</param>
/// <param name="seed">Any number; history depends on it and on the hour of the start.</param>
/// <param name="time">The present, and the ticks.</param>
public sealed class LiveDemo(UnitDirectory directory, ulong seed, TimeProvider time) : IRecordSource
{
    /// <summary>Days of history before the present one.</summary>
    public const int HistoryDays = 30;

    /// <summary>Enough for a province; a whole nation's thirty days would take a minute to fold before anything is seen.</summary>
    private const long MostCasesPerDay = 8_000;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(500);

    private readonly LineBuffer line = new();
    private long lines;

    public string Name => "demo";

    public string? CannotResume => "the demo is generated from its beginning";

    public Task<SourceEnd> RunAsync(IRecordSink sink, SourceStart start, CancellationToken stop) =>
        Task.Run(() => LiveAsync(sink, stop), CancellationToken.None);

    private async Task<SourceEnd> LiveAsync(IRecordSink sink, CancellationToken stop)
    {
        var start = LocalTime.StartOfDay(LocalTime.DayOf(Now()) - HistoryDays);
        var cases = Math.Min(MostCasesPerDay, directory.Rows.Count(directory.IsShownAtZero) * GeneratedStream.CasesPerUnitAndDay);
        var world = new CaseWorld(directory, seed, start, cases, isPlain: false);
        var random = new SeededRandom(~seed);
        using var timer = new PeriodicTimer(Tick, time);
        HandOver(world, sink, Now(), stop);
        var hurried = 1L; // what is shown first is of now, not of the last office hour
        do
        {
            HurryAlong(world, sink, hurried, stop);
            sink.ReportLag(0, 0);
            sink.Flush();
            hurried = random.Below(3);
        }
        while (!stop.IsCancellationRequested && await NextTickAsync(timer, stop));

        return SourceEnd.Stopped;
    }

    private void HurryAlong(CaseWorld world, IRecordSink sink, long events, CancellationToken stop)
    {
        var now = Now();
        for (; events > 0; events--)
        {
            world.Hurry(now);
        }

        HandOver(world, sink, now, stop);
    }

    /// <summary>Hands over everything that arrives up to an instant.</summary>
    private void HandOver(CaseWorld world, IRecordSink sink, long until, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested && world.TryTake(until, out var picture, out var arrival))
        {
            line.Clear();
            DemoLine(world, picture);
            sink.Accept(line.Written, new SourcePosition(0, ++lines), arrival);
        }
    }

    private void DemoLine(CaseWorld world, in CasePicture picture)
    {
        OrdinaryLine.Write(line, world.Units, picture);
        line.Cut(line.Length - 1);
        OrdinaryLine.WriteRest(line, world.Units, picture);
    }

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();

    private static async ValueTask<bool> NextTickAsync(PeriodicTimer timer, CancellationToken stop)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stop);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
