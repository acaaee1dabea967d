using System.Globalization;
using KpiStream.Ingest.Sources.Generation;

namespace KpiStream.Ingest.Host.Generating;

/// <summary>A line on standard error that says how far generating has come; silent when standard error is no terminal.</summary>
internal sealed class GenerateProgress : IDisposable
{
    private static readonly TimeSpan Cadence = TimeSpan.FromMilliseconds(500);

    private readonly ITimer? timer;

    public GenerateProgress(GeneratedStream stream) => timer = Console.IsErrorRedirected ? null : TimeProvider.System.CreateTimer(
        _ => Console.Error.Write(string.Create(CultureInfo.InvariantCulture, $"\r{stream.Count:N0} events ")), null, Cadence, Cadence);

    public void Dispose() => timer?.Dispose();
}
