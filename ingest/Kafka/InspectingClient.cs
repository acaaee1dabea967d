namespace KpiStream.Ingest.Kafka;

/// <summary>A client that reads nothing and only asks where logs begin and end. Any thread.</summary>
internal sealed class InspectingClient : IDisposable
{
    private readonly string topic;
    private readonly IConsumer<Ignore, Ignore>? client;
    private readonly string failure;

    private InspectingClient(string topic, IConsumer<Ignore, Ignore>? client, string failure) =>
        (this.topic, this.client, this.failure) = (topic, client, failure);

    /// <param name="connection">Its properties were good for the reader; a client that cannot be made all the same has the reason in every answer.</param>
    /// <param name="isolation">Whether records of open transactions count: <c>isolation.level</c>.</param>
    public static InspectingClient Open(KafkaConnection connection, string isolation)
    {
        IConsumer<Ignore, Ignore>? made = null;
        var refusal = ClientProperties.ForReader(connection, out var properties);
        properties["isolation.level"] = isolation;
        if (refusal is null)
        {
            ClientFactory.TryMake(
                () => new ConsumerBuilder<Ignore, Ignore>(properties).SetErrorHandler(static (_, _) => { }).SetLogHandler(static (_, _) => { }).Build(),
                out made, out refusal);
        }

        return new InspectingClient(connection.Topic, made, refusal ?? "");
    }

    /// <summary>The first offset of a partition, and the end that this client sees.</summary>
    public OffsetAnswer Ask(int partition, TimeSpan within)
    {
        if (client is null)
        {
            return OffsetAnswer.None(new Error(ErrorCode.Local_Fail, failure));
        }

        try
        {
            var bounds = client.QueryWatermarkOffsets(new TopicPartition(topic, partition), within);

            // Errors of connections wait in the client's queue until they are taken.
            client.Consume(TimeSpan.Zero);
            return bounds.Low.Value < 0 || bounds.High.Value < 0 ? OffsetAnswer.None(new Error(ErrorCode.Local_TimedOut))
                : new OffsetAnswer(new PartitionOffsets(bounds.Low.Value, bounds.High.Value, bounds.High.Value), new Error(ErrorCode.NoError));
        }
        catch (KafkaException error)
        {
            ForgetLeaders(within);
            return OffsetAnswer.None(error.Error);
        }
    }

    // A client that reads nothing keeps what it knows of leaders for a quarter of an hour, also that a partition has none.
    private void ForgetLeaders(TimeSpan within)
    {
        using var admin = new DependentAdminClientBuilder(client!.Handle).Build();
        try
        {
            admin.GetMetadata(topic, within);
        }
        catch (KafkaException)
        {
            // Nobody is there to be asked; the next question tries again.
        }
    }

    public void Dispose()
    {
        if (client is not null)
        {
            ClientDisposal.Await(client);
        }
    }
}
