using KpiStream.Ingest.Kafka;
using Xunit;

namespace KpiStream.Ingest.Tests.Kafka;

public sealed class ClientEndTests
{
    [Fact]
    public void ClientThatNeverEnds_IsLeftBehind()
    {
        using var client = new StuckClient();

        Assert.False(ClientEnd.Await(client, TimeSpan.FromMilliseconds(20)));
        client.Free();
        Assert.True(ClientEnd.Await(client, TimeSpan.FromSeconds(30)));
    }

    /// <summary>Waits in its end until it is freed.</summary>
    private sealed class StuckClient : IDisposable
    {
        private readonly ManualResetEventSlim free = new();

        public void Free() => free.Set();

        public void Dispose() => free.Wait();
    }
}
