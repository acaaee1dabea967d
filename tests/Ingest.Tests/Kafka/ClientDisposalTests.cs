namespace KpiStream.Ingest.Tests.Kafka;

public sealed class ClientDisposalTests
{
    [Fact]
    public void ClientThatNeverEnds_IsLeftBehind()
    {
        using var client = new StuckClient();

        Assert.False(ClientDisposal.Await(client, TimeSpan.FromMilliseconds(20)));
        client.Free();
        Assert.True(ClientDisposal.Await(client, TimeSpan.FromSeconds(30)));
    }

    /// <summary>Waits in its end until it is freed.</summary>
    private sealed class StuckClient : IDisposable
    {
        private readonly ManualResetEventSlim free = new();

        public void Free() => free.Set();

        public void Dispose() => free.Wait();
    }
}
