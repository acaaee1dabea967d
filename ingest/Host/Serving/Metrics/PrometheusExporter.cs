using System.Diagnostics.Metrics;

namespace KpiStream.Ingest.Host.Serving.Metrics;

/// <summary>
/// Writes a meter's observable instruments in the Prometheus text exposition format 0.0.4, under their own names. Dashboards rest on
/// these: a list in the tests holds them.
/// </summary>
internal sealed class PrometheusExporter : IDisposable
{
    /// <summary>The content type of what <see cref="Read"/> gives.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly MeterListener listener = new();
    private readonly StringBuilder text = new();
    private readonly Lock gate = new();
    private Instrument? family;

    public PrometheusExporter(Meter meter)
    {
        listener.InstrumentPublished = (instrument, own) =>
        {
            if (ReferenceEquals(instrument.Meter, meter))
            {
                own.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>(Write);
        listener.Start();
    }

    /// <summary>Every family that has a sample now, in the order in which the instruments were created.</summary>
    public string Read()
    {
        lock (gate)
        {
            text.Clear();
            family = null;
            listener.RecordObservableInstruments();
            return text.ToString();
        }
    }

    public void Dispose() => listener.Dispose();

    private void Write(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        if (family != instrument)
        {
            family = instrument;
            text.Append("# HELP ").Append(instrument.Name).Append(' ').Append(Escape(instrument.Description ?? "")).Append('\n');
            text.Append("# TYPE ").Append(instrument.Name).Append(instrument is ObservableCounter<double> ? " counter\n" : " gauge\n");
        }

        text.Append(instrument.Name);
        for (var i = 0; i < tags.Length; i++)
        {
            text.Append(i == 0 ? '{' : ',').Append(tags[i].Key).Append("=\"")
                .Append(Escape((string)tags[i].Value!).Replace("\"", "\\\"")).Append('"');
        }

        text.Append(tags.Length > 0 ? "} " : " ").Append(Number(value)).Append('\n');
    }

    private static string Escape(string value) => value.Replace("\\", "\\\\").Replace("\n", "\\n");

    private static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ => value.ToString("R"),
    };
}
