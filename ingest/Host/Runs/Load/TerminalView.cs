using KpiStream.Ingest.Sources.Configuration.Loads;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace KpiStream.Ingest.Host.Runs.Load;

/// <summary>A run drawn in a terminal: rates as a row of blocks, what waits, and the latencies of the second at present. It draws over itself.</summary>
internal sealed class TerminalView : LoadView
{
    private const int SecondsShown = 60;

    /// <summary>What stands beside the bars: names, numbers, the frame.</summary>
    private const int Beside = 31;

    private const string Blocks = " ▁▂▃▄▅▆▇█";

    private readonly LoadPlan plan;
    private readonly int shown;
    private readonly TaskCompletionSource over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<LoadSample> samples = [];
    private readonly Task drawing;
    private LiveDisplayContext? live;
    private string board = "preparing";

    public TerminalView(LoadPlan plan, IAnsiConsole console)
    {
        this.plan = plan;
        shown = Math.Clamp(console.Profile.Width - Beside, 1, SecondsShown);
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        drawing = console.Live(Draw()).StartAsync(async context =>
        {
            live = context;
            begun.SetResult();
            await over.Task;
        });
        Task.WaitAny(begun.Task, drawing);
    }

    public static TerminalView OnStandardError(LoadPlan plan) =>
        new(plan, AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Terminal.Watched) }));

    public override void Open(Uri address)
    {
        board = BoardAt(address);
        Redraw();
    }

    public override void Show(LoadSample sample)
    {
        samples.Add(sample);
        if (samples.Count > shown)
        {
            samples.RemoveAt(0);
        }

        Redraw();
    }

    protected override void Dispose(bool disposing)
    {
        over.TrySetResult();
        drawing.GetAwaiter().GetResult();
        base.Dispose(disposing);
    }

    private void Redraw() => live?.UpdateTarget(Draw());

    private Panel Draw()
    {
        var rows = new List<IRenderable> { new Markup($"[dim]board[/] {Markup.Escape(board)}") };
        if (samples.Count > 0)
        {
            rows.Add(Rates(samples[^1]));
            rows.Add(Latencies(samples[^1]));
        }

        return new Panel(new Rows(rows)) { Header = new PanelHeader($" {Markup.Escape($"{plan.Name}: {plan.Pace.Text} to {plan.Target}")} ") };
    }

    private Table Rates(LoadSample last)
    {
        var table = new Table { Border = TableBorder.None, ShowHeaders = false };
        table.AddColumns("", "", "");
        table.AddRow(new Markup("[dim]sent[/]"), Number($"{last.SentPerS:N0}/s"), Bars(static one => one.SentPerS, "blue"));
        table.AddRow(new Markup("[dim]applied[/]"), Number($"{last.AppliedPerS:N0}/s"), Bars(static one => one.AppliedPerS, "green"));
        table.AddRow(new Markup("[dim]waiting[/]"), Number($"{last.Lag:N0}"), Bars(static one => one.Lag, "yellow"));
        table.AddRow(new Markup("[dim]memory[/]"), Number($"{last.MemoryMb:0} MB"), Bars(static one => one.MemoryMb, "grey"));
        table.AddRow(new Markup("[dim]paused[/]"), Number($"{last.GcPauseMs:0.0} ms"), Bars(static one => one.GcPauseMs, "red"));
        return table;
    }

    private static Table Latencies(LoadSample last)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn("latency, ms");
        foreach (var name in (string[])["p50", "p99", "max"])
        {
            table.AddColumn(new TableColumn(name).RightAligned());
        }

        foreach (var (name, values) in last.Latencies)
        {
            table.AddRow([name, .. values.Select(static value => $"{value:0.000}")]);
        }

        return table;
    }

    private static Markup Number(string text) => new($"[bold]{Markup.Escape(text),14}[/]");

    private Markup Bars(Func<LoadSample, double> value, string colour)
    {
        var most = Math.Max(1e-9, samples.Max(value));
        var bars = string.Concat(samples.Select(one => Blocks[(int)Math.Clamp(Math.Ceiling(value(one) / most * (Blocks.Length - 1)), 0, Blocks.Length - 1)]));
        return new Markup($"[{colour}]{bars}[/]");
    }
}
