using System.Threading.Channels;
using KpiStream.Engine.Alerts;

namespace KpiStream.Ingest.Host.Serving.Alerts;

/// <summary>
/// Keeps what is known of alerts beside the checkpoints, so that the next run neither forgets what it had to tell nor tells again what was told. Nobody is
/// told later because of it: what happened in the moment before a crash may not be kept, and is then told again. A disk that fails costs this and nothing else.
/// </summary>
/// <param name="note">Where it is kept.</param>
/// <param name="webhook">Null when none is configured.</param>
/// <param name="say">Told of an error in one sentence, and when it is over.</param>
internal sealed class AlertKeeper(StateNote note, WebhookDelivery? webhook, Action<string> say) : BackgroundService
{
    /// <summary>The file's name in the state folder.</summary>
    public const string FileName = StateNote.Alerts;

    /// <summary>
    /// The least time between two writes of a long queue, some megabytes of which would otherwise be written for every message that is taken. What was taken
    /// in that time is told again after a crash.
    /// </summary>
    private static readonly TimeSpan LongLinePause = TimeSpan.FromMilliseconds(500);

    private const int LongLine = 1 << 16;

    private readonly TaskCompletionSource completed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<bool> due =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private volatile IReadOnlyList<RememberedAlert> newest = [];
    private byte[] written = [];
    private readonly StandingError error = new();

    /// <summary>Takes over what an earlier run left: the webhook gets what it had not taken.</summary>
    /// <returns>What that run's alert engine knew; nothing when it left none, or when that cannot be read, which is said.</returns>
    /// <exception cref="IOException">The disk does not give it.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public IReadOnlyList<RememberedAlert> Recall()
    {
        var isSound = note.TryRead(out var line);
        if (isSound && line.Length == 0)
        {
            return [];
        }

        if (!isSound || KeptAlerts.TryParse(line) is not { } kept)
        {
            say($"{note.Name} is damaged: alerts that hold still are told again.");
            return [];
        }

        newest = kept.Alerts;
        foreach (var message in kept.Waiting)
        {
            webhook?.Offer(message);
        }

        return kept.Alerts;
    }

    /// <summary>Keeps what is known now. Never waits.</summary>
    public void Keep(IReadOnlyList<RememberedAlert> alerts)
    {
        newest = alerts;
        due.Writer.TryWrite(true);
    }

    /// <summary>The webhook is done with a message: it is not to be told again. Never waits.</summary>
    public void Settle() => due.Writer.TryWrite(true);

    /// <summary>Lets <see cref="RunAsync"/> end once the newest is kept.</summary>
    public void Complete()
    {
        due.Writer.TryComplete();
        completed.TrySetResult();
    }

    /// <summary>Writes whatever is new until <see cref="Complete"/>. Run once.</summary>
    public async Task RunAsync()
    {
        await foreach (var _ in due.Reader.ReadAllAsync())
        {
            Write();
            if (written.Length > LongLine)
            {
                await Task.WhenAny(completed.Task, Task.Delay(LongLinePause));
            }
        }

        Write();
    }

    /// <summary>Told to stop, it keeps the newest first: it is stopped after those who judge and tell.</summary>
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        stoppingToken.Register(Complete);
        return RunAsync();
    }

    private void Write()
    {
        var line = new KeptAlerts(newest, webhook?.Waiting ?? []).ToJson();
        if (line.AsSpan().SequenceEqual(written))
        {
            return;
        }

        try
        {
            note.Write(line);
            written = line;
            if (error.Ends())
            {
                say($"{note.Name} is written again.");
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            if (error.Begins(problem.Message))
            {
                say($"{note.Name} could not be written: {problem.Message} See to the disk, for after a restart alerts would be told again.");
            }
        }
    }
}
