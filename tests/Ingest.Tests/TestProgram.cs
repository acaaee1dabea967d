using System.Globalization;
using KpiStream.Ingest.Tests.Simulation;

namespace KpiStream.Ingest.Tests;

/// <summary>What this test program does when it is run by itself; the tests are run by <c>dotnet test</c>.</summary>
public static class TestProgram
{
    public static async Task<int> Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["simulate", var first, var count]:
                return SeedRun.Over(int.Parse(first, CultureInfo.InvariantCulture), int.Parse(count, CultureInfo.InvariantCulture));
            default:
                await Console.Error.WriteLineAsync("usage: simulate FIRST-SEED SEEDS (the tests themselves are run by dotnet test)");
                return 2;
        }
    }
}
