namespace KpiStream.Ingest.Host.Doctor;

/// <summary>The clocks, the memory and the files that this machine, or this container, allows.</summary>
internal static class MachineCheck
{
    private const string TimeZone = "Asia/Ho_Chi_Minh";

    /// <summary>The clocks are compared for so long; a step or a rate that is off by more than the tolerance shows.</summary>
    private static readonly TimeSpan Watched = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(50);

    /// <summary>This program did not exist before; a clock that says otherwise was never set.</summary>
    private static readonly DateTimeOffset Earliest = new(2025, 7, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Connections of readers and brokers, segments and libraries.</summary>
    private const long FewFiles = 256, EnoughFiles = 1024;

    /// <summary>The runtime, Kafka's queue, batches and boards.</summary>
    private const long BaseBytes = 400L << 20;

    /// <summary>A case with its index, what it contributes and its deadlines, twice over while tables grow.</summary>
    private const long BytesPerCase = 400;

    public static IEnumerable<Finding> Look(TimeProvider time)
    {
        yield return Clock(time);
        yield return TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out _)
            ? Finding.Ok("time zone", $"{TimeZone} is known")
            : Finding.Warning("time zone",
                $"{TimeZone} is not known here; figures do not need it (they are UTC+7 by rule), people reading logs may: install tzdata.");
        yield return Files(TryRead("/proc/self/limits"));
    }

    /// <summary>The wall clock is data, the other one measures: they must go alike.</summary>
    internal static Finding Clock(TimeProvider time)
    {
        var (wall, began) = (time.GetUtcNow(), time.GetTimestamp());
        SpinWait.SpinUntil(() => time.GetElapsedTime(began) >= Watched, Watched * 10);
        var apart = (time.GetUtcNow() - wall - time.GetElapsedTime(began)).Duration();
        return wall < Earliest ? Finding.Problem("clock", $"it is {wall:yyyy-MM-ddTHH:mm:ssZ} here: set the clock, for windows and deadlines follow it.",
            ExitCode.CheckFailed)
            : apart > Tolerance ? Finding.Warning("clock", string.Create(CultureInfo.InvariantCulture, $"the wall clock moved by "
                + $"{apart.TotalMilliseconds:N0} ms against the monotonic one while it was watched: let it be kept by chrony or the like."))
            : Finding.Ok("clock", $"{wall:yyyy-MM-ddTHH:mm:ssZ}, steady");
    }

    /// <summary>What may be used, the container's limit included.</summary>
    /// <param name="cases">Cases held at last.</param>
    public static Finding Memory(long cases) => Memory(cases, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);

    internal static Finding Memory(long cases, long availableBytes)
    {
        var wanted = BaseBytes + (cases * BytesPerCase);
        var text = $"{availableBytes / 1e6:N0} MB may be used, {cases:N0} cases want about {wanted / 1e6:N0}";
        return availableBytes < wanted / 2 ? Finding.Problem("memory", $"{text}: give the machine or the container more.", ExitCode.CheckFailed)
            : availableBytes < wanted ? Finding.Warning("memory", $"{text}: give the machine or the container more before it grows.")
            : Finding.Ok("memory", text);
    }

    /// <param name="limits">Linux's <c>/proc/self/limits</c>; null elsewhere.</param>
    internal static Finding Files(string? limits)
    {
        var line = limits?.Split('\n').FirstOrDefault(one => one.StartsWith("Max open files"));
        var soft = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries).ElementAtOrDefault(3);
        if (soft is null)
        {
            return Finding.Ok("open files", "this system does not say how many are allowed");
        }

        var allowed = long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : long.MaxValue;
        return allowed < FewFiles ? Finding.Problem(
            "open files", $"only {soft} are allowed: raise 'ulimit -n' (systemd: LimitNOFILE) to {EnoughFiles} or more.", ExitCode.CheckFailed)
            : allowed < EnoughFiles ? Finding.Warning(
                "open files", $"{soft} are allowed: with many wallboards raise 'ulimit -n' (systemd: LimitNOFILE) to {EnoughFiles} or more.")
            : Finding.Ok("open files", $"{soft} are allowed");
    }

    private static string? TryRead(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
