using System.Diagnostics.Metrics;
using System.Reflection;
using System.Runtime.InteropServices;
using KpiStream.Ingest.Host.Output.DeadLetters;
using KpiStream.Ingest.Host.Serving.Alerts.Delivery;
using KpiStream.Ingest.Host.Serving.Boards;
using KpiStream.Ingest.Host.Serving.Liveness;
using KpiStream.Ingest.Host.Serving.SelfChecks;
using KpiStream.Ingest.Host.State;
using static KpiStream.Ingest.Host.Serving.Metrics.MeterFamilies;

namespace KpiStream.Ingest.Host.Serving.Metrics;

/// <summary>
/// The meter of a running <c>serve</c>: read off what is counted anyway, so being collected costs the stream nothing. Figures are those of the
/// newest frame, and only the board's own unit: a series per unit and figure would be thousands.
/// </summary>
internal sealed class ServeMetrics(IReadOnlyList<Intake> intakes, DeadLetterService letters, BoardPublisher publisher, LiveBoards boards,
    CheckpointCounts? checkpoints, SelfCheckService? checks, BoardPlan plan, TimeProvider time, BackgroundWork work) : IDisposable
{
    public const string MeterName = "KpiStream";

    public static readonly string Version =
        typeof(ServeMetrics).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    // Numerators and denominators of a collection are of one frame: a collection observes both families one after the other on its thread.
    [ThreadStatic]
    private static BoardFrame? collected;

    private readonly Meter meter = new(MeterName, Version);
    private PrometheusExporter? page;

    /// <summary>Add instruments of their own.</summary>
    public IReadOnlyList<Action<Meter>> More { get; init; } = [];

    /// <summary>All who follow a board at present, through a token's view of it too.</summary>
    public Func<int> BoardReaders { get; init; } = () => boards.Readers;

    /// <summary>The channels on which alerts are told; empty for none.</summary>
    public IReadOnlyList<ChannelDelivery> Channels { get; init; } = [];

    /// <summary>Creates the instruments.</summary>
    public ServeMetrics Start()
    {
        meter.Gauge("kpistream_build_info", "Which program and which rules give these figures.", () =>
        [
            Sample(1, ("version", Version), ("runtime", RuntimeInformation.FrameworkDescription),
                ("rulebook", $"{plan.Rules.Rulebook.Id} {plan.Rules.Rulebook.Version}"), ("directory", plan.Directory.Version)),
        ]);
        SourceMetrics.AddTo(meter, intakes);
        AddLetters();
        meter.Gauge("kpistream_background_running", "1 while work beside the source runs; 0 is a failure, also of /health/ready.",
            () => work.All.Select(static one => Sample(one.Runs ? 1 : 0, ("work", one.Name))));
        AddEngine();
        ClockMetrics.AddTo(meter, intakes, time);
        if (checkpoints is not null)
        {
            AddCheckpoints(checkpoints);
        }

        AddBoard();
        if (checks is not null)
        {
            SelfCheckMetrics.AddTo(meter, checks);
        }

        if (Channels.Count > 0)
        {
            ChannelMetrics.AddTo(meter, Channels);
        }

        ProcessMetrics.AddTo(meter);
        foreach (var add in More)
        {
            add(meter);
        }

        page = new PrometheusExporter(meter);
        return this;
    }

    /// <summary>All metrics as of now, as Prometheus text.</summary>
    public string Read() => page!.Read();

    public void Dispose()
    {
        page?.Dispose();
        meter.Dispose();
    }

    private void AddLetters()
    {
        meter.Counter("kpistream_dead_letters_written_total", "Dead letters that are where they should be.",
            () => letters.Counts.Select(static counts => Sample(counts.Written, ("destination", counts.Destination))));
        meter.Counter("kpistream_dead_letters_dropped_total", "Dead letters lost because the destination could not take them, or not as fast as they came.",
            () => letters.Counts.Select(static counts => Sample(counts.Dropped, ("destination", counts.Destination))));
        meter.Counter("kpistream_dead_letters_omitted_total", "Dead letters left out because their source had left many within an hour.",
            () => letters.Omitted);
    }

    private void AddEngine()
    {
        meter.Counter("kpistream_events_duplicate_total", "Accepted events that changed nothing.", () => publisher.Latest?.Duplicates);
        meter.Gauge("kpistream_cases", "Cases held.", () => publisher.Latest?.Cases);
        meter.Gauge("kpistream_case_bytes", "Memory of the cases, their index included.", () => publisher.Latest?.CaseBytes);
        meter.Gauge("kpistream_contributions", "Contributions and deadlines that windows and gauges still have to pass.",
            () => publisher.Latest?.Contributions);
        meter.Gauge("kpistream_contribution_bytes", "Memory of those.", () => publisher.Latest?.ContributionBytes);
        meter.Counter("kpistream_clock_set_back_total", "Times the wall clock was put back by more than two seconds, and windows and gauges were "
            + "derived again.", () => publisher.Latest?.SetBack.Times);
    }

    private void AddCheckpoints(CheckpointCounts counts)
    {
        meter.Counter("kpistream_checkpoints_written_total", "Checkpoints on disk since the start.", () => counts.Written);
        meter.Counter("kpistream_checkpoints_failed_total", "Checkpoints that could not be written; older ones stay.", () => counts.Failed);
        meter.Gauge("kpistream_checkpoint_pause_seconds", "The longest that a checkpoint kept intake or fold from their work at a time.",
            () => counts.LongestPause.TotalSeconds);
        meter.Gauge("kpistream_checkpoint_bytes", "Size of the newest checkpoint.", () => counts.Written > 0 ? counts.Bytes : null);
        meter.Gauge("kpistream_checkpoint_seconds", "How long the newest took to write.", () => counts.Written > 0 ? counts.LastWrite.TotalSeconds : null);
        meter.Gauge("kpistream_checkpoint_timestamp_seconds", "When the newest was cut, since 1970.",
            () => counts.Written > 0 ? counts.MadeAt / (double)LocalTime.MillisPerSecond : null);
    }

    private void AddBoard()
    {
        meter.Gauge("kpistream_board_readers", "Wallboards and others connected to the stream of frames.", () => BoardReaders());
        meter.Counter("kpistream_board_frames_total", "Frames published.", () => boards.Main.Current?.Id);
        meter.Gauge("kpistream_caught_up", "1 once the past of the log has been read.", () => AsNumber(boards.Main.Current?.CaughtUp));
        meter.Gauge("kpistream_stale", "1 while the source has not been heard of for too long.", () => AsNumber(boards.Main.Current?.Stale));
        meter.Gauge("kpistream_figure_denominator", "Cases that count in a figure of the board's own unit over the board's period.",
            () => Figures(collected = boards.Main.Current, static cell => cell.D));
        meter.Gauge("kpistream_figure_numerator", "Of them, the cases that meet every condition; nothing for volumes.",
            () =>
            {
                var frame = collected;
                collected = null;
                return Figures(frame, static cell => cell.N);
            });
    }

    private static double? AsNumber(bool? state) => state is { } known ? known ? 1 : 0 : null;

    private static IEnumerable<Measurement<double>> Figures(BoardFrame? frame, Func<FigureCell, long?> value) => frame is null ? []
        : frame.Headline.Where(cell => value(cell.Value) is not null)
            .Select(cell => Sample(value(cell.Value)!.Value, ("kpi", cell.Key), ("unit", frame.Province.Code), ("period", frame.Period)));
}
