using KpiStream.Ingest.Host.Runs.Load;
using KpiStream.Ingest.Sources.Configuration.Loads;
using Spectre.Console;

namespace KpiStream.Ingest.Tests.Host.Load;

/// <summary>What is seen of a run while it runs.</summary>
public sealed class LoadViewTests
{
    private static readonly LoadSample Sample = new(1, 4_000, 3_990, 10, 150, 2.5, 1, 0.7, new Dictionary<string, double[]>
    {
        ["applied"] = [1.5, 12.25, 40],
        ["received"] = [130, 251, 300],
    });

    [Fact]
    public void WithoutATerminal_EverySecondIsALine()
    {
        var lines = new List<string>();
        using (var view = new LineView(new LoadPlan { Name = "monday" }, lines.Add))
        {
            view.Open(new Uri("http://127.0.0.1:8080"));
            view.Show(Sample);
        }

        Assert.Equal(["monday: preparing", "board: http://localhost:8080/board"], lines[..2]);
        Assert.Contains("sent     4,000/s  applied     3,990/s  waiting       10  applied p99 12.3 ms  received p99 251 ms", lines[2]);
        Assert.DoesNotContain("\u001b", string.Concat(lines));
    }

    [Fact]
    public void InATerminal_RatesAndLatenciesAreDrawn()
    {
        using var text = new StringWriter();
        using (var view = new TerminalView(new LoadPlan { Name = "mon[day]" }, ConsoleOf(text, 110, AnsiSupport.Yes, ColorSystemSupport.TrueColor)))
        {
            view.Open(new Uri("http://127.0.0.1:8080"));
            view.Show(Sample);
            view.Show(Sample with { At = 2, SentPerS = 2_000 });
        }

        var drawn = text.ToString();
        Assert.Contains("mon[day]: max to engine", drawn);
        Assert.Contains("2,000/s", drawn);
        Assert.Contains("12.250", drawn);
        Assert.Contains("█", drawn);
    }

    [Theory]
    [InlineData(50)]
    [InlineData(80)]
    [InlineData(110)]
    public void InANarrowTerminal_EveryRateStaysOnItsLine(int width)
    {
        using var text = new StringWriter();
        using (var view = new TerminalView(new LoadPlan { Name = "monday" }, ConsoleOf(text, width, AnsiSupport.No, ColorSystemSupport.NoColors)))
        {
            for (var second = 1; second <= 100; second++)
            {
                view.Show(Sample with { At = second });
            }

            text.GetStringBuilder().Clear();
            view.Show(Sample);
        }

        // It was drawn once more at the end.
        var lines = text.ToString()[text.ToString().LastIndexOf('┌')..].Split('\n');
        Assert.All(lines, line => Assert.True(line.TrimEnd().Length <= width, line));
        Assert.Equal(14, lines.Count(static line => line.Contains('│') || line.Contains('─')));
        Assert.All(lines.Where(static line => line.Contains('█')), static line => Assert.Matches("sent|applied|waiting|memory|paused", line));
        Assert.Contains(lines, static line => line.Contains('█'));
    }

    private static IAnsiConsole ConsoleOf(StringWriter text, int width, AnsiSupport ansi, ColorSystemSupport colors)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(text),
            Ansi = ansi,
            Interactive = InteractionSupport.Yes,
            ColorSystem = colors,
        });
        console.Profile.Width = width;
        return console;
    }
}
