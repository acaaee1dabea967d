using KpiStream.Ingest.Sources.Configuration;

namespace KpiStream.Ingest.Sources.Files;

/// <summary>Something that holds lines: a file by its path, or standard input.</summary>
public sealed class FileInput
{
    private const string StandardInputPath = "-";

    private readonly Func<Stream> open;

    /// <param name="name">What to call it in messages.</param>
    /// <param name="open">Opens it for reading from the start; may throw what opening a file throws.</param>
    public FileInput(string name, Func<Stream> open)
    {
        Name = name;
        this.open = open;
    }

    /// <summary>What to call it in messages.</summary>
    public string Name { get; }

    /// <summary>True for what can be read again from its start: a path, not standard input.</summary>
    internal bool CanReadAgain { get; private init; } = true;

    /// <summary>Null when there is nothing to read; otherwise one sentence saying why, and what to do.</summary>
    internal Func<string?> FindObstacle { get; private init; } = static () => null;

    /// <summary>The length in bytes when it can be known without opening; otherwise null.</summary>
    internal Func<long?> FindLength { get; private init; } = static () => null;

    /// <summary>A file by its path; <c>-</c> is standard input.</summary>
    public static FileInput FromPath(string path) => path == StandardInputPath
        ? new FileInput("standard input", Console.OpenStandardInput)
        {
            CanReadAgain = false,
            FindObstacle = static () =>
                StandardHandles.IsClosed(StandardHandles.Input) ? "standard input is closed: give a file, or send something to it." : null,
        }
        : new FileInput(path, () => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0))
        {
            FindObstacle = () => ObstacleAt(path),
            FindLength = () => LengthAt(path),
        };

    internal Stream Open() => open();

    /// <summary>Why a file holds no events, in one sentence; null for any other, and for what cannot be read: reading will say it.</summary>
    internal async Task<string?> FindForeignAsync(CancellationToken stop)
    {
        try
        {
            if (!CanReadAgain || FindLength() is not > 0)
            {
                return null;
            }

            using var stream = new InputStream(Open(), new ReadProgress());
            if (stream.IsLive)
            {
                return null;
            }

            var isGzip = await stream.BeginsLikeGzipAsync(stop);
            var head = new byte[ForeignForm.MostLookedAt];
            var read = await (isGzip ? GzipText.Of(stream) : stream).ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, stop);
            return ForeignForm.Within(head.AsSpan(0, read)) is not { } form ? null : isGzip ? form.SayPacked(Name) : form.Say(Name);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return null;
        }
    }

    private static string? ObstacleAt(string path)
    {
        if (StateFolder.HasKeys(path))
        {
            return $"{path} has the keys of serve and no file of a log: bring events-00000001.kpirec and those behind it back from a copy, or give another "
                + "folder.";
        }

        if (Directory.Exists(path))
        {
            return $"{path} is a folder and holds no log of serve --log: give the files in it, for example {Path.Combine(path, "*.ndjson")}.";
        }

        return File.Exists(path) ? null : $"{path} does not exist: check the path, or give - to read standard input.";
    }

    private static long? LengthAt(string path)
    {
        try
        {
            // A link has a length of its own; what it names may be a pipe, which has none.
            return new FileInfo(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path).Length;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null; // Only a progress display wants to know; opening will say what is wrong.
        }
    }
}
