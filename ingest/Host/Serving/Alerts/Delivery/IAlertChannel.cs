namespace KpiStream.Ingest.Host.Serving.Alerts.Delivery;

/// <summary>What became of an attempt.</summary>
internal enum SendOutcome
{
    /// <summary>The receiver has it.</summary>
    Taken,

    /// <summary>The receiver is broken, overloaded or cannot be reached: to be tried again soon.</summary>
    Broken,

    /// <summary>The address or the credentials are refused: to be tried again, but somebody has to see to the settings.</summary>
    Misconfigured,

    /// <summary>This message will never be taken.</summary>
    Rejected,
}

/// <summary>What became of an attempt.</summary>
/// <param name="Problem">What was wrong, in a few words without secrets; empty when it was taken.</param>
/// <param name="Reason">The same as a label for counting, like <c>http_400</c>.</param>
/// <param name="RetryAfter">How long the receiver asks to be left alone; null when it does not say.</param>
internal readonly record struct SendResult(SendOutcome Outcome, string Problem = "", string Reason = "", TimeSpan? RetryAfter = null)
{
    public static readonly SendResult Taken = new(SendOutcome.Taken);

    public static SendResult Broken(string problem, TimeSpan? retryAfter = null) => new(SendOutcome.Broken, problem, RetryAfter: retryAfter);

    public static SendResult Misconfigured(string problem) => new(SendOutcome.Misconfigured, problem);
}

/// <summary>A message on its way.</summary>
/// <param name="Message">What is to be said.</param>
/// <param name="Before">What the receiver holds under the key, where it forgets what is not renewed; null for nothing.</param>
internal readonly record struct Outbound(DeliveryMessage Message, DeliveryMessage? Before = null);

/// <summary>A way to a receiver: gives a message its form and hands it over once. Decides nothing about retries. Used by one flow at a time.</summary>
internal interface IAlertChannel : IDisposable
{
    /// <summary>Its name in the settings.</summary>
    string Name { get; }

    /// <summary>Where it leads, without anything that may be a secret.</summary>
    string Address { get; }

    /// <summary>How many messages it hands over at once.</summary>
    int MostAtOnce => 1;

    /// <summary>How often what the receiver holds has to be renewed; null where it forgets nothing.</summary>
    TimeSpan? RenewEvery => null;

    /// <summary>Hands messages over, all or none. Throws only when stopped.</summary>
    Task<SendResult> SendAsync(IReadOnlyList<Outbound> messages, CancellationToken stop);

    /// <summary>Finds out whether the receiver answers, without a message.</summary>
    Task<ProbeResult> ProbeAsync(CancellationToken stop);
}

/// <summary>What was found of a receiver.</summary>
/// <param name="Outcome">Taken when messages will probably be taken.</param>
/// <param name="Text">The finding as a sentence's end, like <c>answers (version 0.25.0)</c>.</param>
internal readonly record struct ProbeResult(SendOutcome Outcome, string Text);
