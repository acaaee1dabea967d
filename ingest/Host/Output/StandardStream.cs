using KpiStream.Ingest.Sources.Files;
using Microsoft.Win32.SafeHandles;

namespace KpiStream.Ingest.Host.Output;

/// <summary>
/// Standard output or standard error, and what became of what was written to it. Every write of the program goes through here. A write that fails
/// is remembered, so that the exit code can say it (<see cref="StandardStreams"/>). Writes from several threads follow each other.
/// </summary>
/// <param name="handle">Of <see cref="StandardHandles"/>.</param>
/// <param name="name">What to call it in messages.</param>
internal sealed class StandardStream(int handle, string name)
{
    private const int BrokenPipe = 32; // EPIPE

    private readonly Lock gate = new();
    private Stream? inner;

    public string Name => name;

    public bool IsClosed => StandardHandles.IsClosed(handle);

    /// <summary>Why something written is lost; null while nothing is.</summary>
    public string? Error { get; private set; }

    /// <summary>True when the reader has seen enough and left, like <c>head</c>: that is no error, only a reason to stop.</summary>
    public bool HasReaderLeft { get; private set; }

    /// <summary>True when bytes were written that are no text for people: nothing is to be said here besides.</summary>
    public bool CarriesResult { get; private set; }

    /// <summary>The stream for text: a failure is remembered and not thrown.</summary>
    public Stream ForText() => new Writing(this, throws: false);

    /// <summary>The stream for a result, which is to stop at the first failure.</summary>
    public Stream ForResult()
    {
        CarriesResult = true;
        return new Writing(this, throws: true);
    }

    /// <exception cref="IOException">It cannot be written; that is remembered.</exception>
    private void Write(ReadOnlySpan<byte> bytes)
    {
        lock (gate)
        {
            try
            {
                inner ??= Open();
                inner.Write(bytes);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                HasReaderLeft |= error.HResult == BrokenPipe && !OperatingSystem.IsWindows();
                Error ??= HasReaderLeft ? null : error.Message.TrimEnd('.') + '.';
                throw new IOException(error.Message, error.HResult);
            }
        }
    }

    /// <summary>
    /// The console's own stream continues writing to a pipe nobody reads any more and says nothing; through a stream on the handle such a pipe is an
    /// error, and a long run ends. Where the handle is a file, the console's stream keeps the common position.
    /// </summary>
    private Stream Open()
    {
        if (IsClosed)
        {
            throw new IOException("it is closed.");
        }

        if (!OperatingSystem.IsWindows())
        {
            var direct = new FileStream(new SafeFileHandle(handle, ownsHandle: false), FileAccess.Write, bufferSize: 0);
            if (!direct.CanSeek)
            {
                return direct;
            }

            direct.Dispose();
        }

        return handle == StandardHandles.Error ? Console.OpenStandardError() : Console.OpenStandardOutput();
    }

    private sealed class Writing(StandardStream target, bool throws) : OneWayStream(reads: false)
    {
        public override void Write(ReadOnlySpan<byte> buffer)
        {
            try
            {
                target.Write(buffer);
            }
            catch (IOException) when (!throws)
            {
                // Remembered: the exit code says it.
            }
        }
    }
}
