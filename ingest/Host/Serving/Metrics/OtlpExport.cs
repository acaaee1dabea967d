using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace KpiStream.Ingest.Host.Serving.Metrics;

/// <summary>Pushes the meter's metrics to an OpenTelemetry collector where the settings name one.</summary>
internal static class OtlpExport
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Exports until disposed of, and once more then.</summary>
    /// <param name="settings">Where to; null for nowhere.</param>
    /// <param name="say">Told when the collector does not take metrics, and when it does again.</param>
    public static IDisposable? Start(OtlpSettings? settings, Action<string> say) => settings is null ? null : OpenTelemetry.Sdk.CreateMeterProviderBuilder()
        .ConfigureResource(static resource => resource.AddService("kpistream", serviceVersion: ServeMetrics.Version))
        .AddMeter(ServeMetrics.MeterName)
        .AddOtlpExporter((exporter, reader) =>
        {
            exporter.Endpoint = settings.MetricsUrl;
            exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
            exporter.HttpClientFactory = () => new HttpClient(new Failures(settings, say)) { Timeout = Patience };
            reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)settings.Interval.TotalMilliseconds;
        })
        .Build();

    /// <summary>Says a failure once until the collector takes metrics again: the library itself drops them silently.</summary>
    private sealed class Failures(OtlpSettings settings, Action<string> say) : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false })
    {
        private readonly StandingError error = new();

        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            try
            {
                var response = base.Send(request, cancellationToken);
                Note(response.IsSuccessStatusCode ? null : $"HTTP {(int)response.StatusCode}");
                return response;
            }
            catch (Exception problem) when (problem is HttpRequestException or OperationCanceledException)
            {
                Note(problem.Message);
                throw;
            }
        }

        private void Note(string? failure)
        {
            if (failure is not null && !error.Stands && error.Begins(failure))
            {
                say($"The collector at {settings} does not take metrics ({failure}); check metrics.otlp in the settings and the collector.");
            }
            else if (failure is null && error.Ends())
            {
                say($"The collector at {settings} takes metrics again.");
            }
        }
    }
}
