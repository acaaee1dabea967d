using System.IO.Pipelines;
using System.Runtime.ExceptionServices;

namespace KpiStream.Ingest.Sources.Files;

/// <summary>
/// Reads a file's bytes ahead of the flow that takes them, by at most <see cref="MostBytes"/>, so that they are unpacked on another core: a packed file takes a
/// sixth less time. Copying a file that is not packed is too little to share. Not for a pipe, which may never send what is asked of it.
/// </summary>
internal sealed class ReadAhead : IAsyncDisposable
{
    /// <summary>How far it is ahead at most, give or take a buffer: enough that neither side often waits for the other.</summary>
    public const int MostBytes = 4 * BufferBytes;

    /// <summary>Large enough that lines over a border between buffers are rare, small enough to stay in a core's cache.</summary>
    public const int BufferBytes = 256 * 1024;

    private readonly Pipe pipe = new(new PipeOptions(
        pauseWriterThreshold: MostBytes, resumeWriterThreshold: MostBytes / 2, minimumSegmentSize: BufferBytes, useSynchronizationContext: false));

    private readonly CancellationTokenSource stop = new();
    private readonly Task filling;
    private ExceptionDispatchInfo? failure;

    /// <param name="content">The bytes; read by nobody else until this is disposed of, which it does not dispose of.</param>
    public ReadAhead(Stream content) => filling = Task.Run(() => FillAsync(content));

    /// <summary>Gets the bytes, and ends behind the last that could be read.</summary>
    public PipeReader Reader => pipe.Reader;

    /// <summary>True when the end of <see cref="Reader"/> is not the end of the bytes. To be asked once it has ended.</summary>
    public bool IsBroken => failure is not null;

    /// <summary>To be called once <see cref="Reader"/> has ended and all it had was taken.</summary>
    /// <exception cref="InvalidDataException">What came next is damaged.</exception>
    /// <exception cref="IOException">What came next could not be read.</exception>
    public void ThrowIfBroken() => failure?.Throw();

    public async ValueTask DisposeAsync()
    {
        await pipe.Reader.CompleteAsync();
        await stop.CancelAsync();
        await filling;
        stop.Dispose();
    }

    private async Task FillAsync(Stream content)
    {
        try
        {
            for (var isWanted = true; isWanted;)
            {
                var read = await content.ReadAsync(pipe.Writer.GetMemory(BufferBytes / 8), stop.Token);
                pipe.Writer.Advance(read);
                isWanted = !(await pipe.Writer.FlushAsync(stop.Token)).IsCompleted && read > 0;
            }
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // Whoever takes the bytes gets it behind those that came before.
            failure = ExceptionDispatchInfo.Capture(error);
        }

        await pipe.Writer.CompleteAsync();
    }
}
