using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Xunit.Runner.InProc.SystemConsole;

namespace KpiStream.Engine.Tests.Codecs.Fast;

/// <summary>
/// The fast path's tests, shortened, in a process of their own: which vectors there are is settled when a process starts. <see cref="HardwareLevelTests"/>
/// starts it and says what it must print.
/// </summary>
internal static class OneLevel
{
    /// <summary>The argument this is started with; without it the program runs the tests.</summary>
    public const string Name = "one-level";

    private const int JsonTrials = 10_000;
    private const int PackedTrials = 4_000;

    /// <summary>What vectors this process has.</summary>
    public static string Vectors => $"AVX2 {Avx2.IsSupported}, vectors {Vector128.IsHardwareAccelerated}";

    public static async Task<int> Main(string[] arguments) => arguments is [Name] ? Run() : await ConsoleRunner.Run(arguments);

    private static int Run()
    {
        var seed = Random.Shared.Next();
        Console.Error.WriteLine($"seed {seed}");
        var taken = FastFuzzTests.Run(JsonTrials, seed);
        new FastPathTests(new Silence()).GoldenStreams_TakeTheFastPathAndAreReadAsTheJudgeReadsThem("ordinary", 0.99);
        foreach (var form in new[] { PackedEvents.Recorded, "compact", "map" })
        {
            taken += PackedFuzzTests.Run(form, PackedTrials, seed);
            new PackedPathTests(new Silence()).GoldenStreams_TakeTheFastPathAndAreReadAsTheJudgeReadsThem(form, "ordinary", 0.98);
        }

        Console.WriteLine(Vectors);
        return taken > 0 ? 0 : 1;
    }

    private sealed class Silence : ITestOutputHelper
    {
        public string Output => "";

        public void Write(string message)
        {
        }

        public void Write(string format, params object[] args)
        {
        }

        public void WriteLine(string message)
        {
        }

        public void WriteLine(string format, params object[] args)
        {
        }
    }
}
