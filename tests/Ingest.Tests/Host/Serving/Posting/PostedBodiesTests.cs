using System.IO.Pipelines;
using KpiStream.Ingest.Host.Serving.Http;
using KpiStream.Ingest.Host.Serving.Posting;
using KpiStream.Ingest.Tests.Sources.Generation;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace KpiStream.Ingest.Tests.Host.Serving.Posting;

/// <summary>Bodies that come in slowly, in pieces, or too many at a time.</summary>
public sealed class PostedBodiesTests
{
    private const string Key = "a-key";

    private readonly SteppedTime time = new(DateTimeOffset.UnixEpoch);
    private readonly HttpCounts counts;
    private readonly PostedBodies bodies;

    public PostedBodiesTests()
    {
        var connections = new ConnectionLimit(static () => 100);
        counts = new HttpCounts(connections);
        bodies = new PostedBodies(new LogSettings("log") { MaxBatchBytes = 1 << 20 }, new ApiKeys([Key]), connections, counts, time);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(BlockStream.BlockBytes)]
    [InlineData((3 * BlockStream.BlockBytes) + 7)]
    [InlineData(1 << 20)]
    public async Task ABodyInPieces_IsHandedOnWhole_AndItsMemoryIsGivenBack(int length)
    {
        var sent = new byte[length];
        new Random(92).NextBytes(sent);
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        byte[]? got = null;
        var reading = bodies.ReadAsync(Request(pipe.Reader.AsStream()), async context =>
        {
            using var whole = new MemoryStream();
            await context.Request.Body.CopyToAsync(whole);
            got = whole.ToArray();
            Assert.InRange(bodies.Held, length, length + BlockStream.BlockBytes);
        });
        foreach (var piece in sent.Chunk(9_999))
        {
            await pipe.Writer.WriteAsync(piece);
        }

        await pipe.Writer.CompleteAsync();
        await reading;
        Assert.Equal(sent, got);
        Assert.Equal(0, bodies.Held);
    }

    [Fact]
    public async Task ABodyThatPauses_IsGivenUpWith408()
    {
        var pipe = new Pipe();
        var context = Request(pipe.Reader.AsStream());
        var reading = bodies.ReadAsync(context, _ => throw new InvalidOperationException("handed on"));
        await pipe.Writer.WriteAsync(Encoding.ASCII.GetBytes("the beginning"));
        await time.TimerCreated;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!reading.IsCompleted)
        {
            // The timer is there before it is told when it is due.
            patience.Token.ThrowIfCancellationRequested();
            time.Advance(TimeSpan.FromSeconds(10));
            await Task.Yield();
        }

        await reading;
        Assert.Equal(StatusCodes.Status408RequestTimeout, context.Response.StatusCode);
        Assert.Equal((1, 0), (counts.Of(RefusedRequest.Slow), bodies.Held));
    }

    [Fact]
    public async Task ABodyThatIsLongerThanItMayBe_IsRefusedWith413_WithoutBeingReadToItsEnd()
    {
        var context = Request(new MemoryStream(new byte[10 << 20]));
        await bodies.ReadAsync(context, _ => throw new InvalidOperationException("handed on"));
        Assert.Equal((StatusCodes.Status413PayloadTooLarge, 0), (context.Response.StatusCode, bodies.Held));
        Assert.InRange(((MemoryStream)context.Request.Body).Position, 1 << 20, 2 << 20);
    }

    [Fact]
    public async Task MoreThanThereIsMemoryFor_IsToldTheTruth_AndTakenWhenOthersAreDone()
    {
        var block = new byte[1 << 20];
        var pipes = new List<Pipe>();
        var held = new List<Task>();
        while (bodies.Held < bodies.MostBytes)
        {
            var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
            pipes.Add(pipe);
            held.Add(bodies.ReadAsync(Request(pipe.Reader.AsStream()), _ => Task.CompletedTask));
            await pipe.Writer.WriteAsync(block.AsMemory(0, (1 << 20) - 1));
            var expected = Math.Min(bodies.MostBytes, pipes.Count << 20);
            Assert.True(SpinWait.SpinUntil(() => bodies.Held >= expected, TimeSpan.FromSeconds(60)), $"{bodies.Held} of {expected}");
        }

        var refused = Request(new MemoryStream(new byte[10]));
        await bodies.ReadAsync(refused, _ => throw new InvalidOperationException("handed on"));
        Assert.Equal(StatusCodes.Status429TooManyRequests, refused.Response.StatusCode);
        Assert.Equal("1", refused.Response.Headers.RetryAfter);

        await Task.WhenAll(pipes.Select(pipe => pipe.Writer.CompleteAsync().AsTask()));
        await Task.WhenAll(held);
        Assert.Equal(0, bodies.Held);
        var taken = false;
        await bodies.ReadAsync(Request(new MemoryStream(new byte[10])), _ =>
        {
            taken = true;
            return Task.CompletedTask;
        });
        Assert.True(taken);
    }

    [Fact]
    public async Task WithoutAKey_NothingIsReadOfABody()
    {
        var context = Request(new MemoryStream(new byte[10]));
        context.Request.Headers.Remove("X-Api-Key");
        await bodies.ReadAsync(context, _ => Task.CompletedTask);
        Assert.Equal(0, context.Request.Body.Position);
    }

    private static DefaultHttpContext Request(Stream body)
    {
        var context = new DefaultHttpContext { RequestServices = new ServiceCollection().AddLogging().BuildServiceProvider() };
        context.Request.Method = "POST";
        context.Request.Path = EventPost.Path;
        context.Request.Headers["X-Api-Key"] = Key;
        context.Request.Body = body;
        context.Response.Body = new MemoryStream();
        return context;
    }
}
