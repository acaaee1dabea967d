using KpiStream.Ingest.Host.Output;
using KpiStream.Ingest.Tests.Simulation;
using Microsoft.Extensions.Logging;

namespace KpiStream.Ingest.Tests.Host.Output;

public sealed class OperatorLogTests
{
    private readonly SimulatedClock time = new(new DateTimeOffset(2026, 11, 26, 15, 42, 10, 7, TimeSpan.FromHours(7)));

    [Fact]
    public void EveryLine_HasItsTimeAndLevel()
    {
        using var text = new StringWriter();
        using var log = new OperatorLog(text, time);
        log.Info("Wallboard: http://localhost:8080/board (Ctrl+C stops)");
        log.Warn("one");
        log.Error("two");
        log.LogCritical(new InvalidOperationException("why"), "three {Number}", 3);

        Assert.Equal(
            "2026-11-26T08:42:10.007Z INFO Wallboard: http://localhost:8080/board (Ctrl+C stops)\n2026-11-26T08:42:10.007Z WARN "
                + "one\n2026-11-26T08:42:10.007Z ERROR two\n"
            + "2026-11-26T08:42:10.007Z CRIT three 3\n    System.InvalidOperationException: why\n",
            text.ToString());
    }

    [Fact]
    public void AFullDisk_StopsNothing()
    {
        var full = new StreamWriter("/dev/full") { AutoFlush = true };
        using var log = new OperatorLog(full, time);
        log.Warn("one");

        // The writer still holds the line, and the disk is still full.
        Assert.Throws<IOException>(full.Dispose);
    }
}
