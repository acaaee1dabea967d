using System.IO.Compression;
using KpiStream.Ingest.Sources.Files;

namespace KpiStream.Ingest.Host.Output;

/// <summary>
/// A file that a run leaves behind. It is written beside the one that is there and takes its place when it is whole and on disk (<see cref="Keep"/>): a run
/// that fails leaves the older file as it was. A name in <c>.gz</c> is compressed; <c>-</c> is standard output; devices and pipes are written directly.
/// </summary>
internal sealed class OutputFile : IDisposable
{
    private const int BufferBytes = 1 << 20;

    /// <summary>At most so much of the name is repeated in the unfinished file's, which must not become longer than a file system takes.</summary>
    private const int MaxNameChars = 60;

    private readonly Stream target;
    private readonly Stream? packing;
    private readonly string? unfinished;
    private readonly string path;
    private bool isOver;

    private OutputFile(Stream target, string path, string? unfinished)
    {
        (this.target, this.path, this.unfinished) = (target, path, unfinished);
        packing = path.EndsWith(".gz") ? new GZipStream(new Unowned(target), CompressionLevel.Fastest) : null;
        Stream = new BufferedStream(packing ?? new Unowned(target), BufferBytes);
    }

    public Stream Stream { get; }

    /// <summary>Why a file surely cannot be written, looked at before an hour's work is done for nothing; null when nothing is in the way.</summary>
    public static string? FindObstacle(string? path)
    {
        if (path is null)
        {
            return null;
        }

        if (Standard(path) is { } standard)
        {
            return standard.IsClosed ? $"{standard.Name} is closed: give a file instead of '{path}'." : null;
        }

        if (Directory.Exists(path))
        {
            return $"{path} is a folder: give the file to write in it.";
        }

        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        return folder is null || Directory.Exists(folder) ? null : $"{path} cannot be written: there is no folder {folder}. Make it, or give another path.";
    }

    /// <exception cref="IOException">The file cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write it.</exception>
    public static OutputFile Open(string path)
    {
        if (Standard(path) is { } standard)
        {
            return new OutputFile(standard.ForResult(), path, null);
        }

        var kind = FileIdentity.Of(path).Kind;
        if (kind is FileKind.Special or FileKind.Folder)
        {
            return new OutputFile(new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 0), path, null);
        }

        var real = FileIdentity.Resolve(path);
        var beside = UnfinishedOf(real);
        try
        {
            return new OutputFile(Create(beside, real, kind), real, beside);
        }
        catch (UnauthorizedAccessException) when (kind == FileKind.Regular)
        {
            // A file that may be written in a folder that may not be: there is no place beside it.
            return new OutputFile(new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, 0), path, null);
        }
    }

    /// <summary>
    /// True when a path means standard output or error, of which the end of the run says what was lost (<see cref="StandardStreams.Conclude"/>).
    /// </summary>
    public static bool IsStandard(string path) => Standard(path) is not null;

    /// <summary>The content is whole: brings it to disk and gives it its name.</summary>
    /// <exception cref="IOException">It cannot be written; the older file is still there.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not replace the older file.</exception>
    public void Keep()
    {
        Stream.Dispose();
        packing?.Dispose();
        if (unfinished is null)
        {
            target.Flush();
            return;
        }

        ((FileStream)target).Flush(flushToDisk: true);
        target.Dispose();
        File.Move(unfinished, path, overwrite: true);
        isOver = true;
        FolderSync.Sync(Path.GetDirectoryName(unfinished)!);
    }

    /// <summary>Without <see cref="Keep"/>, leaves everything as it was before.</summary>
    public void Dispose()
    {
        target.Dispose();
        if (unfinished is not null && !isOver)
        {
            isOver = true;
            File.Delete(unfinished);
        }
    }

    /// <summary>Where a file is written until it is whole.</summary>
    public static string UnfinishedOf(string path)
    {
        var real = FileIdentity.Resolve(path);
        var name = Path.GetFileName(real);
        return Path.Combine(Path.GetDirectoryName(real) ?? "", $".{name[..Math.Min(name.Length, MaxNameChars)]}.unfinished");
    }

    private static StandardStream? Standard(string path) => path switch
    {
        StandardStreams.Dash or "/dev/stdout" or "/dev/fd/1" or "/proc/self/fd/1" => StandardStreams.Output,
        "/dev/stderr" or "/dev/fd/2" or "/proc/self/fd/2" => StandardStreams.Error,
        _ => null,
    };

    /// <summary>Another process that writes the same file holds it; what a run that was killed left is written over.</summary>
    private static FileStream Create(string unfinished, string real, FileKind kind)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows() && kind == FileKind.Regular)
        {
            options.UnixCreateMode = File.GetUnixFileMode(real);
        }

        return new FileStream(unfinished, options);
    }

    /// <summary>Lets the buffer be closed without closing what is below it.</summary>
    private sealed class Unowned(Stream inner) : OneWayStream(reads: false)
    {
        public override void Write(ReadOnlySpan<byte> buffer)
        {
            try
            {
                inner.Write(buffer);
            }
            catch (ArgumentOutOfRangeException error)
            {
                throw new IOException("The file is longer than this file system or user is allowed.", error); // What .NET makes of EFBIG.
            }
        }

        public override void Flush() => inner.Flush();
    }
}
