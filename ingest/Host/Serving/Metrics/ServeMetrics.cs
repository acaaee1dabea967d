using System.Reflection;
using System.Runtime.InteropServices;
using KpiStream.Engine.Boards;
using KpiStream.Engine.Pipeline;
using KpiStream.Engine.Time;
using KpiStream.Ingest.Host.Output.DeadLetters;
using KpiStream.Ingest.Host.Serving.Alerts;
using KpiStream.Ingest.Host.Serving.Boards;
using KpiStream.Ingest.Host.Serving.Liveness;
using KpiStream.Ingest.Host.Serving.SelfChecks;
using KpiStream.Ingest.Host.State;

namespace KpiStream.Ingest.Host.Serving.Metrics;

/// <summary>
/// <c>/metrics</c> of a running <c>serve</c>: read off what is counted anyway, so asking costs the stream nothing. Figures are those of the
/// newest frame, and only the board's own unit: a series per unit and figure would be thousands.
/// </summary>
internal sealed class ServeMetrics(IReadOnlyList<Intake> intakes, DeadLetterService letters, BoardPublisher publisher, LiveBoard board,
    CheckpointCounts? checkpoints, SelfCheckService? checks, BoardPlan plan, TimeProvider time, BackgroundWork work)
{
    private static readonly string Version =
        typeof(ServeMetrics).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>What the source adds of its own.</summary>
    public Action<PrometheusText> OfSource { get; init; } = static _ => { };

    /// <summary>Adds what is known of the codes in events.</summary>
    public Action<PrometheusText> OfCodes { get; init; } = static _ => { };

    /// <summary>Where alerts are posted; null when nowhere.</summary>
    public WebhookDelivery? Webhook { get; init; }

    /// <summary>All metrics as of now.</summary>
    public string Read()
    {
        var text = new PrometheusText();
        text.Gauge("kpistream_build_info", "Which program and which rules give these figures.").Sample(
            1, ("version", Version), ("runtime", RuntimeInformation.FrameworkDescription),
            ("rulebook", $"{plan.Rules.Rulebook.Id} {plan.Rules.Rulebook.Version}"),
            ("directory", plan.Directory.Version));
        SourceMetrics.WriteTo(text, intakes);
        OfSource(text);
        OfCodes(text);
        WriteLetters(text);
        WriteWork(text);
        WriteEngine(text);
        WriteCheckpoints(text);
        WriteBoard(text);
        if (checks is not null)
        {
            SelfCheckMetrics.WriteTo(text, checks);
        }

        if (Webhook is not null)
        {
            WebhookMetrics.WriteTo(text, Webhook);
        }

        ProcessMetrics.WriteTo(text);
        return text.ToString();
    }

    private void WriteLetters(PrometheusText text)
    {
        text.Counter("kpistream_dead_letters_written_total", "Dead letters that are where they should be.");
        foreach (var counts in letters.Counts)
        {
            text.Sample(counts.Written, ("destination", counts.Destination));
        }

        text.Counter("kpistream_dead_letters_dropped_total", "Dead letters lost because the destination could not take them, or not as fast as they came.");
        foreach (var counts in letters.Counts)
        {
            text.Sample(counts.Dropped, ("destination", counts.Destination));
        }

        text.Counter("kpistream_dead_letters_omitted_total", "Dead letters left out because their source had left many within an hour.")
            .Sample(letters.Omitted);
    }

    private void WriteWork(PrometheusText text)
    {
        text.Gauge("kpistream_background_running", "1 while work beside the source runs; 0 is a failure, also of /health/ready.");
        foreach (var (name, runs) in work.All)
        {
            text.Sample(runs ? 1 : 0, ("work", name));
        }
    }

    private void WriteEngine(PrometheusText text)
    {
        if (publisher.Latest is not { } reading)
        {
            return;
        }

        text.Counter("kpistream_events_duplicate_total", "Accepted events that changed nothing.").Sample(reading.Duplicates);
        text.Gauge("kpistream_cases", "Cases held.").Sample(reading.Cases);
        text.Gauge("kpistream_case_bytes", "Memory of the cases, their index included.").Sample(reading.CaseBytes);
        text.Gauge("kpistream_contributions", "Contributions and deadlines that windows and gauges still have to pass.").Sample(reading.Contributions);
        text.Gauge("kpistream_contribution_bytes", "Memory of those.").Sample(reading.ContributionBytes);
        text.Counter("kpistream_clock_set_back_total", "Times the wall clock was put back by more than two seconds, and windows and gauges were "
            + "derived again.").Sample(reading.SetBack.Times);
        ClockMetrics.WriteTo(text, intakes, time.GetUtcNow().ToUnixTimeMilliseconds());
    }

    private void WriteCheckpoints(PrometheusText text)
    {
        if (checkpoints is null)
        {
            return;
        }

        text.Counter("kpistream_checkpoints_written_total", "Checkpoints on disk since the start.").Sample(checkpoints.Written);
        text.Counter("kpistream_checkpoints_failed_total", "Checkpoints that could not be written; older ones stay.").Sample(checkpoints.Failed);
        text.Gauge("kpistream_checkpoint_pause_seconds", "The longest that a checkpoint kept intake or fold from their work at a time.")
            .Sample(checkpoints.LongestPause.TotalSeconds);
        if (checkpoints.Written > 0)
        {
            text.Gauge("kpistream_checkpoint_bytes", "Size of the newest checkpoint.").Sample(checkpoints.Bytes);
            text.Gauge("kpistream_checkpoint_seconds", "How long the newest took to write.").Sample(checkpoints.LastWrite.TotalSeconds);
            text.Gauge("kpistream_checkpoint_timestamp_seconds", "When the newest was cut, since 1970.")
                .Sample(checkpoints.MadeAt / (double)LocalTime.MillisPerSecond);
        }
    }

    private void WriteBoard(PrometheusText text)
    {
        text.Gauge("kpistream_board_readers", "Wallboards and others connected to the stream of frames.").Sample(board.Readers);
        if (board.Current is not { } frame)
        {
            return;
        }

        text.Counter("kpistream_board_frames_total", "Frames published.").Sample(frame.Id);
        text.Gauge("kpistream_caught_up", "1 once the past of the log has been read.").Sample(frame.CaughtUp ? 1 : 0);
        text.Gauge("kpistream_stale", "1 while the source has not been heard of for too long.").Sample(frame.Stale ? 1 : 0);
        text.Gauge("kpistream_figure_denominator", "Cases that count in a figure of the board's own unit over the board's period.");
        foreach (var (kpi, cell) in frame.Headline)
        {
            text.Sample(cell.D, ("kpi", kpi), ("unit", frame.Province.Code), ("period", frame.Period));
        }

        text.Gauge("kpistream_figure_numerator", "Of them, the cases that meet every condition; nothing for volumes.");
        foreach (var (kpi, cell) in frame.Headline.Where(cell => cell.Value.N is not null))
        {
            text.Sample(cell.N!.Value, ("kpi", kpi), ("unit", frame.Province.Code), ("period", frame.Period));
        }
    }
}
