namespace KpiStream.Ingest.Kafka;

/// <summary>
/// Lets go of a client. The native client waits there for its threads, up to a minute when a connection is half open and in rare cases for ever
/// (librdkafka issues 3954 and 4674), while everything it was asked for is done. So who has waited long enough continues without it.
/// </summary>
/// <param name="client">Let go of when this is.</param>
internal sealed class ClientDisposal(IDisposable client) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public void Dispose() => Await(client);

    /// <summary>Lets go of a client; true when it is gone, false when it was left behind.</summary>
    public static bool Await(IDisposable client, TimeSpan? patience = null) =>
        Task.Factory.StartNew(client.Dispose, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Wait(patience ?? Patience);
}
