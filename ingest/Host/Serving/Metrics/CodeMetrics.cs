using System.Diagnostics.Metrics;
using static KpiStream.Ingest.Host.Serving.Metrics.MeterFamilies;

namespace KpiStream.Ingest.Host.Serving.Metrics;

/// <summary>How many distinct codes the events have named. They come from records, so they are counted and never label values.</summary>
internal static class CodeMetrics
{
    public static void AddTo(Meter meter, StreamEngine engine)
    {
        var codes = engine.Options.Codes;
        meter.Gauge("kpistream_codes", "Distinct codes held in memory, those of the directory included, by what they name.", () =>
        [
            Sample(codes.Sources.Count, ("of", "sources")), Sample(codes.Procedures.Count, ("of", "procedures")),
            Sample(codes.Fields.Count, ("of", "fields")), Sample(codes.Units.Count, ("of", "units")),
        ]);
        meter.Gauge("kpistream_unlisted_units", "Unit codes of no directory with something counted, by whether board and API show them by themselves or "
            + "as one unit.", () =>
        [
            Sample(engine.ShownUnits.Unlisted - engine.ShownUnits.Folded, ("shown", "alone")), Sample(engine.ShownUnits.Folded, ("shown", "together")),
        ]);
    }
}
