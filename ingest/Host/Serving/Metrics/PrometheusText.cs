using System.Globalization;
using System.Text;

namespace KpiStream.Ingest.Host.Serving.Metrics;

/// <summary>
/// Writes metrics in the Prometheus text exposition format 0.0.4: families one after the other, each with its HELP and TYPE line and its
/// samples. The format is a page long; the exporter of OpenTelemetry for it would be a package more.
/// </summary>
internal sealed class PrometheusText
{
    /// <summary>The content type of what <see cref="ToString"/> gives.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly StringBuilder text = new();
    private string name = "";

    /// <summary>Begins a family that only grows; its name ends in <c>_total</c>.</summary>
    public PrometheusText Counter(string family, string help) => Begin(family, "counter", help);

    /// <summary>Begins a family that goes up and down.</summary>
    public PrometheusText Gauge(string family, string help) => Begin(family, "gauge", help);

    /// <summary>Adds a sample to the family begun last; each set of labels once.</summary>
    public PrometheusText Sample(double value, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        text.Append(name);
        for (var i = 0; i < labels.Length; i++)
        {
            text.Append(i == 0 ? '{' : ',').Append(labels[i].Name).Append("=\"")
                .Append(Escape(labels[i].Value).Replace("\"", "\\\"", StringComparison.Ordinal)).Append('"');
        }

        text.Append(labels.Length > 0 ? "} " : " ").Append(Number(value)).Append('\n');
        return this;
    }

    /// <summary>Everything so far.</summary>
    public override string ToString() => text.ToString();

    private PrometheusText Begin(string family, string type, string help)
    {
        name = family;
        text.Append("# HELP ").Append(family).Append(' ').Append(Escape(help)).Append('\n');
        text.Append("# TYPE ").Append(family).Append(' ').Append(type).Append('\n');
        return this;
    }

    private static string Escape(string value) => value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };
}
