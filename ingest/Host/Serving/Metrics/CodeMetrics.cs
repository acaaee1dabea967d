using KpiStream.Engine.Pipeline;

namespace KpiStream.Ingest.Host.Serving.Metrics;

/// <summary>How many distinct codes the events have named. They come from records, so they are counted and never label values.</summary>
internal static class CodeMetrics
{
    public static void WriteTo(PrometheusText text, StreamEngine engine)
    {
        var codes = engine.Options.Codes;
        text.Gauge("kpistream_codes", "Distinct codes held in memory, those of the directory included, by what they name.");
        text.Sample(codes.Sources.Count, ("of", "sources"));
        text.Sample(codes.Procedures.Count, ("of", "procedures"));
        text.Sample(codes.Fields.Count, ("of", "fields"));
        text.Sample(codes.Units.Count, ("of", "units"));
        text.Gauge("kpistream_unlisted_units", "Unit codes of no directory with something counted, by whether board and API show them by themselves or "
            + "as one unit.");
        text.Sample(engine.ShownUnits.Unlisted - engine.ShownUnits.Folded, ("shown", "alone"));
        text.Sample(engine.ShownUnits.Folded, ("shown", "together"));
    }
}
