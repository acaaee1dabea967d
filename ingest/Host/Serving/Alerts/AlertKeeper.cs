using System.Collections.Concurrent;
using System.Threading.Channels;
using KpiStream.Engine.Alerts;

namespace KpiStream.Ingest.Host.Serving.Alerts;

/// <summary>
/// Keeps what is known of alerts beside the checkpoints, so that the next run neither forgets what it had to tell nor tells again what was told. Nobody is
/// told later because of it: what happened in the moment before a crash may not be kept, and is then told again. A disk that fails costs this and nothing else.
/// </summary>
/// <param name="note">Where it is kept.</param>
/// <param name="outlet">Takes over what an earlier version's webhook had not taken; null when there is none.</param>
/// <param name="say">Told of an error in one sentence, and when it is over.</param>
/// <param name="history">Where everything that happens is appended; null for nowhere.</param>
/// <param name="ticks">Where ticks are appended; null for nowhere.</param>
internal sealed class AlertKeeper(
    StateNote note, INotificationOutlet? outlet, Action<string> say, AlertHistory? history = null, AlertTickLog? ticks = null) : BackgroundService
{
    /// <summary>The file's name in the state folder.</summary>
    public const string FileName = StateNote.Alerts;

    /// <summary>
    /// The least time between two writes of a long queue, some megabytes of which would otherwise be written for every message that is taken. What was taken
    /// in that time is told again after a crash.
    /// </summary>
    private static readonly TimeSpan LongLinePause = TimeSpan.FromMilliseconds(500);

    private const int LongLine = 1 << 16;
    private static readonly RememberedLife Nothing = new([], [], []);

    private readonly TaskCompletionSource completed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<bool> due =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private readonly ConcurrentQueue<AlertHistoryEntry> happened = new();
    private readonly ConcurrentQueue<AlertTick> judged = new();
    private readonly Lock changing = new();
    private RememberedLife newest = Nothing;
    private Task told = Task.CompletedTask;
    private bool isToBeSafe;
    private bool isNew;
    private TaskCompletionSource kept = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private byte[] written = [];
    private readonly StandingError error = new();

    /// <summary>How long ago the last hold that runs may have been kept: a second, longer where that would keep the disk busy.</summary>
    public long HoldsEveryMillis => Math.Clamp(1_000L * Volatile.Read(ref written).Length / LongLine, 1_000, 60_000);

    /// <summary>Takes over what an earlier run left: the outlet gets what the webhook of an earlier version had not taken.</summary>
    /// <returns>What that run knew; nothing when it left none, or when that cannot be read, which is said.</returns>
    /// <exception cref="IOException">The disk does not give it.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public RememberedLife Recall()
    {
        var isSound = note.TryRead(out var line);
        if (isSound && line.Length == 0)
        {
            return Nothing;
        }

        if (!isSound || KeptAlerts.TryParse(line) is not { } known)
        {
            say($"{note.Name} is damaged: alerts that hold still are told again, and silences are forgotten.");
            return Nothing;
        }

        (newest, isNew) = (known.Life, true);
        told = known.Waiting.Count > 0 && outlet is not null ? outlet.TakeOverAsync(known.Waiting) : told;

        return known.Life;
    }

    /// <summary>Keeps what is known now. Never waits.</summary>
    /// <param name="life">What is known.</param>
    /// <param name="offered">Ends once what is to be told outlives a crash: that it was planned is kept after that.</param>
    /// <param name="isSafe">False for what a power cut may take back, though no kill: how long holds have run.</param>
    /// <returns>Ends once it is on disk, or the disk has failed, which is said.</returns>
    public Task Keep(RememberedLife life, Task? offered = null, bool isSafe = true)
    {
        Task done;
        lock (changing)
        {
            (newest, isNew) = (life, true);
            told = offered is null || offered.IsCompletedSuccessfully ? told : Task.WhenAll(told, offered);
            isToBeSafe |= isSafe;
            done = kept.Task;
        }

        return due.Writer.TryWrite(true) ? done : Task.CompletedTask; // after the end nothing is kept any more
    }

    /// <summary>Something happened that is to stand in the history. Written with the next <see cref="Keep"/>, and before it.</summary>
    public void Note(AlertHistoryEntry entry) => happened.Enqueue(entry);

    /// <summary>Alerts were judged. Written soon, and before what happened by it.</summary>
    public void Note(AlertTick tick)
    {
        judged.Enqueue(tick);
        due.Writer.TryWrite(true);
    }

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
            await WriteAsync();
            if (written.Length > LongLine)
            {
                await Task.WhenAny(completed.Task, Task.Delay(LongLinePause));
            }
        }

        await WriteAsync();
    }

    /// <summary>Told to stop, it keeps the newest first: it is stopped after those who judge and tell.</summary>
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        stoppingToken.Register(Complete);
        return RunAsync();
    }

    private async Task WriteAsync()
    {
        RememberedLife life;
        Task offered;
        bool isSafe, hasLife;
        TaskCompletionSource done;
        lock (changing)
        {
            (life, offered, isSafe, hasLife, done) = (newest, told, isToBeSafe, isNew, kept);
            (told, isToBeSafe, isNew, kept) = (Task.CompletedTask, false, false, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        var entries = new List<AlertHistoryEntry>();
        while (happened.TryDequeue(out var entry))
        {
            entries.Add(entry);
        }

        var passed = new List<AlertTick>();
        while (judged.TryDequeue(out var tick))
        {
            passed.Add(tick);
        }

        ticks?.Append(passed);
        history?.Append(entries);
        await offered;
        if (hasLife || error.Stands)
        {
            Write(life, isSafe);
        }

        done.TrySetResult();
    }

    private void Write(RememberedLife life, bool isSafe)
    {
        var line = KeptAlerts.Of(life).ToJson();
        if (line.AsSpan().SequenceEqual(written))
        {
            return;
        }

        try
        {
            note.Write(line, toDisk: isSafe || error.Stands);
            Volatile.Write(ref written, line);
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
