namespace KpiStream.Engine.Tests.Architecture;

/// <summary>Folders with lines over <see cref="TidyRules.WidestLine"/> columns. None is added; one that has become narrow is taken out.</summary>
internal static class WideFolders
{
    public static readonly string[] Names =
    [
        "bench/Fold",
        "engine/Boards",
        "engine/Kpis",
        "engine/Pipeline",
        "engine/Windowing",
        "ingest/Host/Alerts",
        "ingest/Host/Checkpoints",
        "ingest/Host/Commands",
        "ingest/Host/Http",
        "ingest/Host/Metrics",
        "ingest/Host/Output",
        "ingest/Host/SelfChecks",
        "ingest/Host/Serving",
        "ingest/Kafka",
        "ingest/Kafka/Native",
        "ingest/Sources/Configuration",
        "ingest/Sources/Logs",
        "ingest/Sources/Recordings",
        "tests/Engine.Tests/Alerts",
        "tests/Engine.Tests/Boards",
        "tests/Engine.Tests/Codecs",
        "tests/Engine.Tests/Codecs/Fast",
        "tests/Engine.Tests/Pipeline",
        "tests/Engine.Tests/Reconciliation",
        "tests/Engine.Tests/Windowing",
        "tests/Ingest.Tests/EndToEnd",
        "tests/Ingest.Tests/Faults",
        "tests/Ingest.Tests/Host",
        "tests/Ingest.Tests/Host/Checkpoints",
        "tests/Ingest.Tests/Host/DeadLetters",
        "tests/Ingest.Tests/Host/Http",
        "tests/Ingest.Tests/Host/Metrics",
        "tests/Ingest.Tests/Host/Serving",
        "tests/Ingest.Tests/Host/Wallboard",
        "tests/Ingest.Tests/Sources/Configuration",
        "tests/Ingest.Tests/Sources/Logs",
        "tests/Support/Canaries",
        "tests/Support/Kafka",
        "tests/Support/Oracle",
    ];
}
