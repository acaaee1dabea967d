using System.Threading.Channels;
using KpiStream.Engine.Boards;
using KpiStream.Ingest.Host.Serving.Boards;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace KpiStream.Ingest.Tests.Host.Serving.Boards;

/// <summary>One reader's stream: what is sent, when, and how much waits for a reader that does not read.</summary>
public sealed class BoardStreamTests : IAsyncDisposable
{
    private static readonly DateTimeOffset Start = new(2025, 7, 29, 3, 42, 10, TimeSpan.Zero);

    // What the web server adds to each message as a chunk of its answer.
    private const int OfChunk = 6;

    private readonly CountedTime time = new(Start);
    private readonly LiveBoard board = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly DefaultHttpContext context = new();
    private readonly ReaderBody body = new();
    private long frames;
    private Task stream = Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await stream.WaitAsync(KpiStreamProcess.Limit);
        stopping.Dispose();
        await body.DisposeAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("gzip, br")]
    public async Task AQuietMinute_IsHeartbeatsLessThanFiveSecondsApart_AndLessThanAKilobyte(string accepts)
    {
        Publish(static frame => frame);
        Follow(accepts);
        await body.NextAsync(accepts.Length > 0 ? 2 : 1); // gzip has a head
        var (bytes, beats, last) = (0, 0, Start);
        for (var quarter = 0; quarter < 240; quarter++)
        {
            await UntilAsync(() => time.Timers > beats); // the reader waits for what comes next
            time.Advance(TimeSpan.FromMilliseconds(250));
            Publish(static frame => frame);
            if (time.GetUtcNow() - last >= TimeSpan.FromSeconds(4.75))
            {
                (bytes, beats, last) = (bytes + (await body.NextAsync(1)).Length + OfChunk, beats + 1, time.GetUtcNow());
            }
        }

        Assert.False(body.Written.TryRead(out _));
        Assert.InRange(beats, 12, 20);
        Assert.InRange(bytes, 1, 1_024);
    }

    [Fact]
    public async Task AChange_IsSentAtOnce_AndByItself()
    {
        Publish(static frame => frame);
        Follow("");
        Assert.Matches("^event: frame\ndata: \\{.*\\}\nid: 1\n\n$", await TextAsync());
        for (var round = 0; round < 5; round++)
        {
            Publish(frame => frame with { Trust = frame.Trust with { Events = round + 1 } });
            Assert.Matches($$"""^event: delta\ndata: \{.*"trust":\{"events":{{round + 1}}\}\}\nid: {{round + 2}}\n\n$""", await TextAsync());
        }

        await stopping.CancelAsync();
        await stream.WaitAsync(KpiStreamProcess.Limit);
        Assert.Equal(0, board.Readers);
    }

    [Fact]
    public async Task AReaderThatDoesNotRead_HasOneSliceWaiting_HoldsUpNobody_AndGetsTheNewestFrameAfterwards()
    {
        Publish(static frame => frame);
        Follow("");
        await TextAsync();
        body.Stall();
        for (var change = 0; change < 200; change++)
        {
            Publish(frame => frame with { SourceState = new string((char)('a' + (change % 26)), 5_000) });
            await UntilAsync(() => body.IsWaiting);
        }

        Assert.InRange(body.MostWaiting, 1, 16 << 10);
        body.Resume();
        var text = await TextAsync(); // what was on its way
        Assert.EndsWith("\nid: 2\n\n", text);
        text = await TextAsync();
        Assert.Matches("^event: frame\n.*\nid: 201\n\n$", text);
        Assert.Equal(201, board.Current!.Id);
    }

    private void Follow(string accepts)
    {
        context.Request.Headers.AcceptEncoding = accepts;
        context.Response.Body = body;
        stream = new BoardStream(board, time, stopping.Token).ExecuteAsync(context);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(KpiStreamProcess.Limit);
        while (!condition())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private async Task<string> TextAsync() => Encoding.UTF8.GetString(await body.NextAsync(1));

    private void Publish(Func<BoardFrame, BoardFrame> change) => board.Publish(change(new BoardFrame
    {
        Id = ++frames,
        Demo = false,
        Now = InstantText.ToLocalSeconds(time.GetUtcNow().ToUnixTimeMilliseconds()),
        DataTime = "2025-07-29T10:42:07.123+07:00",
        StaleAfterSeconds = 60,
        Stale = false,
        CaughtUp = true,
        Phase = "live",
        SourceState = "đang đọc",
        Province = new BoardUnitName("33", "Hưng Yên", "tỉnh"),
        Period = "30d",
        PeriodLabel = "30 ngày qua",
        Figures = [],
        Headline = new Dictionary<string, FigureCell>(),
        Gauges = new Dictionary<string, long>(),
        Units = [],
        LowVolume = new BoardLowVolume(50, "2025-07-01", null, false, []),
        Alerts = [],
        Trust = new BoardTrust("r", "d", 0, 0, 0, 0, 0, [], []),
    }));

    /// <summary>Says how many timers were asked for: one each time a reader begins to wait.</summary>
    private sealed class CountedTime(DateTimeOffset start) : FakeTimeProvider(start)
    {
        private int timers;

        public int Timers => Volatile.Read(ref timers);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            Interlocked.Increment(ref timers);
            return timer;
        }
    }

    /// <summary>A body whose reader may stop reading; what is written comes in the pieces it was written in.</summary>
    private sealed class ReaderBody : Stream
    {
        private readonly Channel<byte[]> written = System.Threading.Channels.Channel.CreateUnbounded<byte[]>();
        private TaskCompletionSource reading = Reading();

        public ChannelReader<byte[]> Written => written.Reader;

        public int MostWaiting { get; private set; }

        public bool IsWaiting { get; private set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public void Stall() => reading = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Resume() => reading.TrySetResult();

        public async Task<byte[]> NextAsync(int pieces)
        {
            var all = new List<byte>();
            for (; pieces > 0; pieces--)
            {
                all.AddRange(await written.Reader.ReadAsync().AsTask().WaitAsync(KpiStreamProcess.Limit));
            }

            return [.. all];
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            MostWaiting = Math.Max(MostWaiting, buffer.Length);
            IsWaiting = true;
            await reading.Task.WaitAsync(cancellationToken);
            IsWaiting = false;
            await written.Writer.WriteAsync(buffer.ToArray(), cancellationToken);
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        private static TaskCompletionSource Reading()
        {
            var open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            open.SetResult();
            return open;
        }
    }
}
