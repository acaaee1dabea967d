using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace KpiStream.Ingest.Host.Serving.Alerts.Delivery;

/// <summary>
/// Delivers what waits in a channel's lane, one attempt at a time, until the receiver has taken it. A broken receiver is tried again with growing pauses, at
/// random within a range; what it can never take is given up with a reason and blocks nothing; what it refuses for its address or credentials waits. At least
/// once: an answer that is lost, or a crash before it was noted, is followed by one repeat under the same key and number.
/// </summary>
internal sealed partial class ChannelDelivery : BackgroundService
{
    private readonly IAlertChannel channel;
    private readonly AlertOutbox outbox;
    private readonly OutboxLane lane;
    private readonly DeliveryPolicy policy;
    private readonly TimeProvider time;
    private readonly ILogger log;
    private readonly ResiliencePipeline<SendResult> retries;
    private readonly ResiliencePipeline patience;
    private readonly StandingError failure = new();
    private readonly Queue<DeliveryMessage> renewals = [];
    private long renewedAt;
    private long retried;
    private long refused;
    private bool isCatchingUp;
    private int most;

    public ChannelDelivery(IAlertChannel channel, AlertOutbox outbox, DeliveryPolicy policy, TimeProvider time, ILogger log)
    {
        (this.channel, this.outbox, this.policy, this.time, this.log) = (channel, outbox, policy, time, log);
        lane = outbox.Lane(channel.Name);
        most = channel.MostAtOnce;
        patience = new ResiliencePipelineBuilder { TimeProvider = time }.AddTimeout(policy.Timeout).Build();
        retries = new ResiliencePipelineBuilder<SendResult> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<SendResult>
            {
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = policy.FirstPause,
                MaxDelay = policy.LongestPause,
                Randomizer = policy.Random,
                ShouldHandle = static attempt => ValueTask.FromResult(attempt.Outcome is { Exception: null, Result.Outcome: SendOutcome.Broken }),
                DelayGenerator = attempt => ValueTask.FromResult(PauseAskedFor(attempt.Outcome.Result)),
                OnRetry = attempt => NoteBroken(attempt.Outcome.Result, attempt.AttemptNumber + 1),
            })
            .Build();
    }

    public string Name => channel.Name;

    public string Address => channel.Address;

    public LaneCounts Counts => lane.Counts;

    public int WaitingCount => lane.Count;

    /// <summary>How long the longest waiting has waited.</summary>
    public TimeSpan OldestAge => lane.OldestAge;

    /// <summary>Attempts that failed because the receiver was broken or could not be reached.</summary>
    public long Retried => Interlocked.Read(ref retried);

    /// <summary>Attempts that were refused for the address or the credentials.</summary>
    public long Refused => Interlocked.Read(ref refused);

    /// <summary>What is wrong with the receiver, in a few words; empty while nothing is.</summary>
    public string Error => failure.Text;

    /// <summary>For readiness: what is wrong with the receiver, and what waits for it; empty while nothing is.</summary>
    public string Undelivered => Error is { Length: > 0 } problem
        ? $"{WaitingCount} alert messages are not delivered: the channel '{Name}' at {Address} does not take them ({problem}); check alerts in the settings "
            + $"and "
            + "the receiver" : "";

    /// <summary>Delivers until told to stop. Run once.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        renewedAt = time.GetTimestamp();
        isCatchingUp = lane.Count > 1;
        try
        {
            while (true)
            {
                await retries.ExecuteAsync(TryNextAsync, stop);
                if (isCatchingUp && lane.Count > 0)
                {
                    await Task.Delay(policy.Pace, time, stop);
                }
                else
                {
                    isCatchingUp = false;
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Told to stop: what is waiting stays where it is.
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        channel.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => RunAsync(stoppingToken);

    /// <summary>The next messages, or what is to be renewed when that is due first. What has changed since the last attempt is seen by the next.</summary>
    private async ValueTask<SendResult> TryNextAsync(CancellationToken stop)
    {
        var entries = renewals.Count > 0 || UntilRenewal() == TimeSpan.Zero ? [] : await lane.NextAsync(most, UntilRenewal(), stop);
        if (entries.Count > 0)
        {
            var result = await SendAsync([.. entries.Select(entry => new Outbound(entry.Message, lane.StandingOf(entry.Message.Key)))], stop);
            await SettleAsync(entries, result);
            return result;
        }

        return await RenewAsync(stop);
    }

    private TimeSpan UntilRenewal() => channel.RenewEvery is not { } every ? Timeout.InfiniteTimeSpan
        : every - time.GetElapsedTime(renewedAt) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    private async ValueTask<SendResult> RenewAsync(CancellationToken stop)
    {
        if (renewals.Count == 0)
        {
            renewedAt = time.GetTimestamp();
            foreach (var message in lane.Standing)
            {
                renewals.Enqueue(message);
            }
        }

        var some = renewals.Take(channel.MostAtOnce).ToList();
        var result = some.Count == 0 ? SendResult.Taken : await SendAsync([.. some.Select(static message => new Outbound(message))], stop);
        if (result.Outcome == SendOutcome.Broken)
        {
            renewals.Clear(); // What stands is looked up again when the receiver is back; what waits comes first then.
            renewedAt = time.GetTimestamp();
            return result;
        }

        some.ForEach(_ => renewals.Dequeue());
        if (some.Count > 0)
        {
            NoteAnswer(result);
        }

        return result;
    }

    private async Task<SendResult> SendAsync(IReadOnlyList<Outbound> messages, CancellationToken stop)
    {
        try
        {
            return await patience.ExecuteAsync(async limit => await channel.SendAsync(messages, limit), stop);
        }
        catch (TimeoutRejectedException)
        {
            return SendResult.Broken($"no answer within {policy.Timeout.TotalSeconds:0} s");
        }
    }

    private async Task SettleAsync(IReadOnlyList<OutboxEntry> entries, SendResult result)
    {
        switch (result.Outcome)
        {
            case SendOutcome.Rejected when entries.Count > 1:
                most = 1; // One of them is at fault, and the others are not given up for it.
                return;
            case SendOutcome.Rejected or SendOutcome.Taken:
                var dead = result.Outcome == SendOutcome.Rejected ? result.Reason : null;
                await outbox.SettleAsync([.. entries.Select(entry => SettleOf(entry.Id, entry.Message, dead))]);
                if (dead is not null)
                {
                    LogGivenUp(Name, Address, entries[0].Message.Key, result.Problem);
                }

                most = dead is null && lane.Count == 0 ? channel.MostAtOnce : most;
                break;
            case SendOutcome.Misconfigured:
                foreach (var entry in entries)
                {
                    lane.Postpone(entry, policy.RefusedPause);
                }

                break;
        }

        NoteAnswer(result);
    }

    private OutboxSettle SettleOf(long id, DeliveryMessage message, string? dead) =>
        new(Name, id, message.Key, dead, message.IsOver || dead is not null ? null : message);

    private TimeSpan? PauseAskedFor(SendResult result) =>
        result.RetryAfter is { } asked ? TimeSpan.FromTicks(Math.Clamp(asked.Ticks, policy.FirstPause.Ticks, policy.LongestRetryAfter.Ticks)) : null;

    private ValueTask NoteBroken(SendResult result, int failures)
    {
        Interlocked.Increment(ref retried);
        isCatchingUp = true;
        if (failures >= policy.SaidAfter && failure.Begins(result.Problem))
        {
            LogError(Name, Address, result.Problem, lane.Count);
        }

        return ValueTask.CompletedTask;
    }

    private void NoteAnswer(SendResult result)
    {
        if (result.Outcome == SendOutcome.Misconfigured)
        {
            Interlocked.Increment(ref refused);
            if (failure.Begins(result.Problem))
            {
                LogError(Name, Address, result.Problem, lane.Count);
            }
        }
        else if (result is { Outcome: SendOutcome.Taken, Problem.Length: > 0 })
        {
            if (failure.Begins(result.Problem))
            {
                LogPartly(Name, Address, result.Problem);
            }
        }
        else if (result.Outcome != SendOutcome.Broken && failure.Ends())
        {
            LogRecovered(Name, Address, lane.Count);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The alert channel '{Channel}' at {Receiver} does not take messages: {Problem}. {Waiting} wait and are "
        + "tried again; check alerts in the settings and the receiver.")]
    private partial void LogError(string channel, string receiver, string problem, int waiting);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The alert channel '{Channel}' at {Receiver} takes messages, but {Problem}; check alerts in the "
        + "settings.")]
    private partial void LogPartly(string channel, string receiver, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The alert channel '{Channel}' at {Receiver} will never take the message {Key}: {Problem}. It is "
        + "given up "
        + "and kept in alerts-undelivered.ndjson.")]
    private partial void LogGivenUp(string channel, string receiver, string key, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "The alert channel '{Channel}' at {Receiver} takes messages again; {Waiting} wait.")]
    private partial void LogRecovered(string channel, string receiver, int waiting);
}
