using System.Threading.Channels;

namespace KpiStream.Ingest.Host.Serving.Alerts.Delivery;

/// <summary>
/// Messages to be delivered, kept on disk: what <see cref="OfferAsync"/> has ended for with true outlives a crash. Whatever comes in while the disk is busy is
/// made durable together. Each channel has its own place in it (<see cref="OutboxLane"/>). A disk that fails costs durability and not delivery: messages are
/// delivered from memory, that is said, and the disk is tried again. Any thread may call; one thread of its own writes.
/// </summary>
internal sealed class AlertOutbox : IAsyncDisposable
{
    /// <summary>Keys whose newest number is known at least, so that what a crash makes come twice is kept once.</summary>
    public const int MostNumbers = 8_192;

    /// <summary>A file that has grown by so much is replaced by one of what is alive.</summary>
    private const long LeastGrowth = 4 << 20;

    private static readonly TimeSpan DiskPause = TimeSpan.FromSeconds(5);

    private readonly Channel<Command> queue = Channel.CreateUnbounded<Command>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Dictionary<string, (long Number, DeliveryState? State, long Place)> numbers = [];
    private readonly Dictionary<string, OutboxLane> lanes;
    private readonly OutboxFile? file;
    private readonly UndeliveredFile? undelivered;
    private readonly TimeProvider time;
    private readonly Action<string> say;
    private readonly StandingError error = new();
    private readonly Task writing;
    private long lastId;
    private long failedAt;
    private long noted;

    private AlertOutbox(OutboxFile? file, UndeliveredFile? undelivered, IEnumerable<OutboxLane> lanes, TimeProvider time, Action<string> say)
    {
        (this.file, this.undelivered, this.time, this.say) = (file, undelivered, time, say);
        this.lanes = lanes.ToDictionary(static lane => lane.Channel);
        Recall();
        writing = Task.Factory.StartNew(Write, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Opens the outbox and begins its new file.</summary>
    /// <param name="files">The state folder; null for memory alone.</param>
    /// <param name="undelivered">Given what is given up; null for nowhere.</param>
    /// <param name="lanes">One for each channel.</param>
    /// <param name="time">Says when messages came.</param>
    /// <param name="say">Told of errors, one sentence each.</param>
    public static AlertOutbox Open(
        IStateFiles? files, UndeliveredFile? undelivered, IEnumerable<OutboxLane> lanes, TimeProvider time, Action<string> say) =>
        new(files is null ? null : new OutboxFile(files), undelivered, lanes, time, say);

    /// <summary>Ends when the outbox is disposed of; fails with what no disk is to blame for.</summary>
    public Task Writing => writing;

    /// <summary>What is wrong with the disk; empty while nothing is.</summary>
    public string Error => error.Text;

    public OutboxLane Lane(string channel) => lanes[channel];

    /// <summary>Takes messages in.</summary>
    /// <param name="offers">Each with the names of its channels.</param>
    /// <returns>True once they are on disk (or in memory, where there is no disk); false when the disk failed, and memory alone has them.</returns>
    public Task<bool> OfferAsync(IReadOnlyList<(DeliveryMessage Message, IReadOnlyList<string> Channels)> offers) => Enqueue(new Command(offers, []));

    /// <summary>Channels are done with messages; ends once that is on disk, with false when the disk failed.</summary>
    public Task<bool> SettleAsync(IReadOnlyList<OutboxSettle> settled) => Enqueue(new Command([], settled));

    /// <summary>Writes what has come in and lets go of the file.</summary>
    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await writing.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        file?.Dispose();
        undelivered?.Dispose();
    }

    private Task<bool> Enqueue(Command command)
    {
        if (!queue.Writer.TryWrite(command))
        {
            command.Done.TrySetResult(false);
        }

        return command.Done.Task;
    }

    private void Recall()
    {
        if (file is null)
        {
            return;
        }

        var strangers = new Dictionary<string, int>();
        try
        {
            foreach (var record in file.Read(say))
            {
                Apply(record, strangers);
            }

            foreach (var lane in lanes.Values)
            {
                lane.CountFromHere();
            }

            BeginFile();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            Fail(problem);
        }

        foreach (var (channel, count) in strangers)
        {
            say($"the alert channel '{channel}' is not in the settings any more: {count} messages for it are dropped.");
        }
    }

    private void Write()
    {
        var arrival = queue.Reader.WaitToReadAsync().AsTask();
        while (true)
        {
            if (error.Stands && !arrival.Wait(DiskPause))
            {
                TryBegin();
            }
            else if (arrival.GetAwaiter().GetResult())
            {
                Commit();
                arrival = queue.Reader.WaitToReadAsync().AsTask();
            }
            else
            {
                return;
            }
        }
    }

    private void Commit()
    {
        var group = new List<Command>();
        while (queue.Reader.TryRead(out var command))
        {
            group.Add(command);
        }

        try
        {
            var records = group.SelectMany(RecordsOf).ToList();
            var isKept = records.Count == 0 ? !error.Stands : Keep(records);
            group.ForEach(command => command.Done.TrySetResult(isKept));
        }
        catch (Exception bug) when (bug is not OutOfMemoryException)
        {
            queue.Writer.TryComplete(bug);
            group.ForEach(command => command.Done.TrySetException(bug));
            throw;
        }
    }

    /// <summary>Offers that were made already are left out; the numbers are taken here, for one group may hold two of a key.</summary>
    private IEnumerable<OutboxRecord> RecordsOf(Command command)
    {
        foreach (var (message, channels) in command.Offers)
        {
            var key = KeyOf(message, channels);
            if (numbers.TryGetValue(key, out var known) && known.Number == message.Number && (known.State ?? message.State) == message.State)
            {
                continue;
            }

            Note(key, message.Number, message.State);
            yield return new OutboxRecord { Offer = new OutboxOffer(++lastId, time.GetUtcNow().ToUnixTimeMilliseconds(), channels, message) };
        }

        foreach (var settle in command.Settled)
        {
            yield return new OutboxRecord { Settle = settle };
        }
    }

    /// <summary>Nobody sees a message before it is on disk, so that none is delivered that a crash could make come again under another number.</summary>
    private bool Keep(List<OutboxRecord> records)
    {
        if (file is { IsOpen: true })
        {
            try
            {
                file.Append([.. records.SelectMany(static record => record.ToLine())]);
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                Fail(problem);
            }
        }

        foreach (var record in records)
        {
            Apply(record, null);
        }

        if (file is { IsOpen: true } && file.Appended > Math.Max(LeastGrowth, 4 * file.Begun))
        {
            TryBegin();
        }

        return file is null or { IsOpen: true } || (time.GetElapsedTime(failedAt) >= DiskPause && TryBegin());
    }

    private void Apply(OutboxRecord record, Dictionary<string, int>? strangers)
    {
        if (record.Begin is { } begin)
        {
            lastId = begin.LastId;
            foreach (var (key, number) in begin.Numbers)
            {
                Note(key, number, null);
            }
        }

        if (record.Offer is { } offer)
        {
            lastId = Math.Max(lastId, offer.Id);
            Note(KeyOf(offer.Message, offer.Channels), offer.Message.Number, offer.Message.State);
            foreach (var channel in offer.Channels)
            {
                Add(channel, offer, strangers);
            }
        }

        if (record.Settle is { } settle && lanes.TryGetValue(settle.Channel, out var settled))
        {
            var entry = settle.Dead is null ? null : settled.Find(settle.Key, settle.Id);
            settled.Settle(settle);
            if (strangers is null && entry is not null)
            {
                undelivered?.Write(settle.Channel, settle.Dead!, entry.Message, time.GetUtcNow());
            }
        }
    }

    private void Add(string channel, OutboxOffer offer, Dictionary<string, int>? strangers)
    {
        if (!lanes.TryGetValue(channel, out var lane))
        {
            if (strangers is not null)
            {
                strangers[channel] = strangers.GetValueOrDefault(channel) + 1;
            }
        }
        else if (lane.Add(new OutboxEntry(offer.Id, offer.Since, offer.Message)) is { } least && strangers is null)
        {
            undelivered?.Write(channel, OutboxLane.Full, least.Message, time.GetUtcNow());
        }
    }

    /// <summary>Channels that are told different things under one key have numbers of their own.</summary>
    private static string KeyOf(DeliveryMessage message, IReadOnlyList<string> channels) => $"{message.Key}\n{string.Join(',', channels)}";

    private void Note(string key, long number, DeliveryState? state)
    {
        numbers[key] = (number, state, ++noted);
        if (numbers.Count >= 2 * MostNumbers)
        {
            foreach (var (oldest, _) in numbers.OrderBy(static one => one.Value.Place).Take(MostNumbers).ToList())
            {
                numbers.Remove(oldest);
            }
        }
    }

    private bool TryBegin()
    {
        try
        {
            BeginFile();
            if (error.Ends())
            {
                say($"{file!.Name} is written again.");
            }

            return true;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            Fail(problem);
            return false;
        }
    }

    private void Fail(Exception problem)
    {
        failedAt = time.GetTimestamp();
        if (error.Begins(problem.Message))
        {
            say($"{file!.Name} could not be written: {problem.Message} See to the disk: alert messages are delivered from memory, and a crash would lose those "
                + "that wait.");
        }
    }

    private void BeginFile() => file!.Begin(All());

    /// <summary>Everything that is alive, as the lines a file begins with.</summary>
    private IEnumerable<OutboxRecord> All()
    {
        yield return new OutboxRecord { Begin = new OutboxBegin(1, lastId, Numbers()) };
        foreach (var offer in lanes.Values.SelectMany(static lane => lane.Waiting.Select(entry => (lane.Channel, Entry: entry)))
            .GroupBy(static waiting => waiting.Entry.Id).OrderBy(static offer => offer.Key))
        {
            var entry = offer.First().Entry;
            var channels = offer.Select(static each => each.Channel).ToList();
            yield return new OutboxRecord { Offer = new OutboxOffer(entry.Id, offer.Min(static each => each.Entry.Since), channels, entry.Message) };
        }

        foreach (var (lane, message) in lanes.Values.SelectMany(static lane => lane.Standing.Select(message => (lane.Channel, message))))
        {
            yield return new OutboxRecord { Settle = new OutboxSettle(lane, 0, message.Key, null, message) };
        }
    }

    private KeyNumber[] Numbers() => [.. numbers.OrderBy(static one => one.Value.Place).Select(static one => new KeyNumber(one.Key, one.Value.Number))];

    private sealed record Command(IReadOnlyList<(DeliveryMessage Message, IReadOnlyList<string> Channels)> Offers, IReadOnlyList<OutboxSettle> Settled)
    {
        public TaskCompletionSource<bool> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
