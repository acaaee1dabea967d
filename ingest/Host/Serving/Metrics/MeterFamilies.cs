using System.Diagnostics.Metrics;

namespace KpiStream.Ingest.Host.Serving.Metrics;

/// <summary>A metric family as one observable instrument: read when somebody collects, so that counting costs the stream nothing more.</summary>
internal static class MeterFamilies
{
    /// <summary>A number that only grows, absent while it is null; its name ends in <c>_total</c>.</summary>
    public static void Counter(this Meter meter, string name, string help, Func<double?> value) => meter.Counter(name, help, () => One(value()));

    /// <summary>Numbers that only grow, each set of labels once.</summary>
    public static void Counter(this Meter meter, string name, string help, Func<IEnumerable<Measurement<double>>> samples) =>
        meter.CreateObservableCounter(name, samples, null, help);

    /// <summary>A number that goes up and down, absent while it is null.</summary>
    public static void Gauge(this Meter meter, string name, string help, Func<double?> value) => meter.Gauge(name, help, () => One(value()));

    /// <summary>Numbers that go up and down, each set of labels once.</summary>
    public static void Gauge(this Meter meter, string name, string help, Func<IEnumerable<Measurement<double>>> samples) =>
        meter.CreateObservableGauge(name, samples, null, help);

    public static Measurement<double> Sample(double value, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        var tags = new KeyValuePair<string, object?>[labels.Length];
        for (var i = 0; i < tags.Length; i++)
        {
            tags[i] = new(labels[i].Name, labels[i].Value);
        }

        return new Measurement<double>(value, tags);
    }

    private static IEnumerable<Measurement<double>> One(double? value) => value is { } known ? [new(known)] : [];
}
