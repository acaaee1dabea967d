using KpiStream.Ingest.Tests;
using KpiStream.Ingest.Tests.Host.Wallboard;

[assembly: AssemblyFixture(typeof(LastOfAll))]

namespace KpiStream.Ingest.Tests;

/// <summary>Stops what tests of many classes share, when the last has ended.</summary>
public sealed class LastOfAll : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        await WallboardBrowser.StopAsync();
        await OneBroker.StopAsync();
    }
}
