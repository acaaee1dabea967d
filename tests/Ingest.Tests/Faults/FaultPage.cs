using System.Reflection;
using System.Xml.Linq;

namespace KpiStream.Ingest.Tests.Faults;

/// <summary>One row: a fault as a test declares it.</summary>
internal sealed record FaultRow(FaultAttribute Fault, string Test)
{
    /// <summary>Every column but the last, as the page has them.</summary>
    public string Declared => $"| {Fault.Kind} | {Fault.Done} | {Fault.Holds} | `{Test}` |";
}

/// <summary>The page <c>tests/FAULTS.md</c>, made of what the tests declare and of what a run of them has seen.</summary>
internal static class FaultPage
{
    private const string Heading = """
        # The fault matrix

        What is done to the real program, its brokers, its disk and its network, and what must hold all the same. Made by
        `tests/run --faults`, which runs every row, the long ones too; do not edit. `tests/run` runs all but the long ones, and fails
        when this page says something else than the tests declare.

        | kind | what is done | what must hold | test | what was seen |
        |---|---|---|---|---|
        """;

    /// <summary>All rows there are, in the order of their kinds.</summary>
    public static IReadOnlyList<FaultRow> Rows() =>
    [
        .. typeof(FaultPage).Assembly.GetTypes().SelectMany(static type => type.GetMethods())
            .SelectMany(static method => method.GetCustomAttributes<FaultAttribute>(inherit: false)
                .Select(fault => new FaultRow(fault, $"{method.DeclaringType!.Name}.{method.Name}")))
            .DistinctBy(static row => row.Declared)
            .OrderBy(static row => FaultKinds.All.ToList().IndexOf(row.Fault.Kind)).ThenBy(static row => row.Test),
    ];

    /// <summary>The page with what was seen in a run.</summary>
    /// <param name="results">The folder of its <c>.trx</c> files.</param>
    public static string Write(string results)
    {
        var seen = Directory.EnumerateFiles(results, "*.trx").SelectMany(Outcomes)
            .ToLookup(static one => one.Test, static one => one.Seen);
        var page = new StringBuilder(Heading).Append('\n');
        foreach (var row in Rows())
        {
            page.Append(row.Declared).Append(' ').AppendJoin("; ", seen[row.Test].DefaultIfEmpty("not run")).Append(" |\n");
        }

        return page.ToString();
    }

    /// <summary>The columns of a page that hang on the tests and not on a run.</summary>
    public static IReadOnlyList<string> DeclaredIn(string page) =>
        [.. page.Split('\n').Where(static line => line.StartsWith("| ")).Skip(1)
            .Select(static line => line[..(line.LastIndexOf('|', line.Length - 3) + 1)])];

    private static IEnumerable<(string Test, string Seen)> Outcomes(string trx)
    {
        var root = XDocument.Load(trx).Root!;
        var space = root.Name.Namespace;
        return root.Descendants(space + "UnitTestResult").Select(result => (TestOf((string)result.Attribute("testName")!), SeenIn(result, space)));
    }

    private static string TestOf(string name) => string.Join('.', name.Split('(')[0].Split('.')[^2..]);

    private static string SeenIn(XElement result, XNamespace space)
    {
        var took = TimeSpan.Parse((string)result.Attribute("duration")!);
        var lines = ((string?)result.Element(space + "Output")?.Element(space + "StdOut") ?? "").Split('\n').Select(static line => line.Trim()).ToList();
        var said = lines.Where(static line => line.StartsWith(Seen.Mark))
            .Select(static line => line[Seen.Mark.Length..].Replace('|', '/'));
        var outcome = (string)result.Attribute("outcome")! switch { "Passed" => "held", "NotExecuted" => "not run here", _ => "DID NOT HOLD" };
        return $"{string.Join(", ", [outcome, .. said])} ({took.TotalSeconds:0.0} s)";
    }
}
