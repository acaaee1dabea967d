namespace KpiStream.Engine.Tests.Pipeline;

/// <summary>The worked example of engine/README.md, read from there: after each step the engine has what its table says.</summary>
public sealed class WorkedExampleTests
{
    private const string Heading = "| step | what the engine is told |";
    private static readonly string[] Steps = [.. File.ReadLines(RepositoryRoot.File("engine/README.md"))
        .SkipWhile(static line => !line.StartsWith(Heading)).Skip(2).TakeWhile(static line => line.StartsWith('|'))];

    [Fact]
    public async Task EveryStep_LeavesTheFiguresThatTheTableSays()
    {
        var told = new List<byte[]>();
        long? now = null;
        foreach (var step in Steps)
        {
            var cells = step.Split('|', StringSplitOptions.TrimEntries)[1..^1];
            var text = cells[1].Split('`')[1];
            if (text.StartsWith('{'))
            {
                told.Add(Encoding.UTF8.GetBytes(text.Replace("{", """{"source":"s","case":"c1",""")));
            }
            else
            {
                Assert.True(InstantText.TryParse(Encoding.UTF8.GetBytes(text), out var instant), text);
                now = instant;
            }

            var run = await EngineRun.OverAsync(told, "day,24h", asOf: now);
            Assert.Equal(told.Count, run.Counts.Accepted);
            string[] cellsNow = [CellOf(run, "day", "11953"), CellOf(run, "day", "12091"), CellOf(run, "24h", "11953"), CellOf(run, "24h", "12091")];
            Assert.Equal(cells[2..], cellsNow);
        }

        Assert.Equal(7, Steps.Length);
    }

    private static string CellOf(EngineRun run, string period, string unit)
    {
        var rows = run.Csv.Split('\n');
        var columns = rows[0].Split(',');
        string Column(string[] row, string name) => row[Array.IndexOf(columns, name)];
        var found = rows.Select(static row => row.Split(',')).SingleOrDefault(
            row => row.Length == columns.Length && Column(row, "kpi") == "fully_online" && Column(row, "unit") == unit && Column(row, "period") == period);
        return found is null || Column(found, "denominator") == "0" ? "–"
            : $"{Column(found, "numerator")}/{Column(found, "denominator")}+{Column(found, "unobserved")}";
    }
}
