using System.Globalization;

namespace KpiStream.Tests.Support;

/// <summary>How hard the tests by chance try: once in every build, <c>KPISTREAM_TEST_EFFORT</c> times as much in a long run.</summary>
public static class LongRuns
{
    public static int Effort { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("KPISTREAM_TEST_EFFORT"), NumberStyles.None, CultureInfo.InvariantCulture, out var effort)
            ? Math.Max(1, effort) : 1;

    /// <summary>A number of trials, scaled by the effort.</summary>
    public static int Scale(int trials) => trials * Effort;
}
