using KpiStream.Ingest.Tests.Simulation;
using Xunit.Runner.InProc.SystemConsole;

namespace KpiStream.Ingest.Tests;

/// <summary>What this test program does besides running the tests, for which <c>dotnet test</c> starts it.</summary>
public static class TestProgram
{
    public static async Task<int> Main(string[] arguments) => arguments is ["simulate", var first, var count]
        ? SeedRun.Over(int.Parse(first), int.Parse(count))
        : await ConsoleRunner.Run(arguments);
}
