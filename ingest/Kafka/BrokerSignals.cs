namespace KpiStream.Ingest.Kafka;

/// <summary>
/// What the client said outside of records: which errors of the connection, and its log lines. Owned by the source;
/// errors arrive on the thread that polls, log lines on any thread.
/// </summary>
internal sealed class BrokerSignals(Action<string> log)
{
    /// <summary>The last refusal (credentials, TLS) since <see cref="Forget"/>, or null.</summary>
    public Error? Refusal { get; private set; }

    /// <summary>The last thing that went wrong with a connection, in the client's words.</summary>
    public string LastReason { get; private set; } = "no answer";

    /// <summary>Not one broker can be reached, as far as the client knows.</summary>
    public bool AllDown { get; private set; }

    public void OnError(Error error)
    {
        log($"kafka: {error.Code}: {error.Reason}");
        if (error.Code == ErrorCode.Local_AllBrokersDown)
        {
            // Its reason only counts brokers; the errors before it said why.
            AllDown = true;
            return;
        }

        LastReason = error.Reason;
        if (KafkaErrors.RemedyFor(error.Code) == Remedy.GiveUp)
        {
            Refusal = error;
        }
    }

    public void OnLog(LogMessage line) => log($"kafka: {line.Level}: {line.Facility}: {line.Message}");

    /// <summary>A broker has answered: what was wrong before is over.</summary>
    public void Forget()
    {
        AllDown = false;
        Refusal = null;
    }
}
