namespace KpiStream.Ingest.Host.Output.DeadLetters;

/// <summary>
/// A file of lines that never grows beyond a bound: when half of the bound is reached it becomes the previous generation, <c>PATH.1</c>, in
/// place of the one before, and a new one is begun. So the newest lines are always there, at least half of the bound of them. It continues where
/// an earlier run ended, after cutting off a line that run did not finish. A write that fails leaves whole lines behind, and the file is
/// opened anew for the next one, at most once a second. A file that does not begin as ours do is neither written, renamed nor deleted. Owned by one thread.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="maxBytes">The bound, of both generations together.</param>
/// <param name="beginning">The bytes that every line of ours begins with: by them a file of an earlier run is told from any other.</param>
internal sealed class RollingFile(string path, long maxBytes, TimeProvider time, byte[] beginning) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    // Devices and pipes have no generations.
    private string real = "";
    private FileStream? file;
    private long? failedAt;
    private bool isToBegin;
    private bool isNew;

    public string Path => path;

    /// <summary>Why the last write failed; empty when it did not.</summary>
    public string Error { get; private set; } = "";

    /// <summary>True when the last write failed because a file that is not ours is in the way.</summary>
    public bool IsForeign { get; private set; }

    private string Previous => PreviousOf(real);

    private bool IsPlain =>
        file is { CanSeek: true } && !real.StartsWith("/dev/") && !real.StartsWith("/proc/");

    /// <summary>
    /// Makes sure that the file can be begun anew. What an earlier run left, both generations, is gone with the first line or with <see cref="Begin"/>. False
    /// when the file cannot be made (<see cref="Error"/>).
    /// </summary>
    public bool TryBegin() => Try(() =>
    {
        isNew = !File.Exists(path);
        Open();
        if (IsPlain)
        {
            RequireOurs(Previous);
        }

        isToBegin = true;
    });

    /// <summary>Begins anew, where that was prepared and has not happened yet.</summary>
    public bool Begin() => !isToBegin || Try(() =>
    {
        if (file is null)
        {
            Open();
        }

        Empty();
    });

    /// <summary>Leaves everything as it was before <see cref="TryBegin"/>, where nothing was begun since.</summary>
    public void Abandon()
    {
        if (isToBegin && isNew && IsPlain)
        {
            Dispose();
            File.Delete(real);
        }
    }

    /// <summary>The path of the older generation of a file.</summary>
    public static string PreviousOf(string path) => path + ".1";

    /// <summary>Appends whole lines; false when they are not in the file (<see cref="Error"/>).</summary>
    public bool TryWrite(ReadOnlySpan<byte> lines)
    {
        if (failedAt is { } moment && time.GetElapsedTime(moment) < Patience)
        {
            return false;
        }

        var length = lines.Length;
        if (!Try(() => Prepare(length)))
        {
            return false;
        }

        var end = file!.CanSeek ? file.Length : 0;
        try
        {
            file.Write(lines);
            return true;
        }
        catch (IOException problem)
        {
            Fail(problem);
            Try(() => CutTo(end), isRepair: true);
            return false;
        }
    }

    public void Dispose() => file?.Dispose();

    private void Prepare(int length)
    {
        if (file is null)
        {
            Open();
            CutTornLine();
        }

        if (isToBegin)
        {
            Empty();
        }

        if (IsPlain && file!.Length > 0 && file.Length + length > maxBytes / 2)
        {
            RequireOurs(Previous);
            file.Dispose();
            file = null;
            File.Move(real, Previous, overwrite: true);
            Open();
        }
    }

    private void Empty()
    {
        if (IsPlain)
        {
            file!.SetLength(0);
            file.Seek(0, SeekOrigin.End);
            File.Delete(Previous);
        }

        isToBegin = false;
    }

    private void Open()
    {
        // A link is followed, so that the file is renamed and not the link.
        real = new FileInfo(path).LinkTarget is null ? path : File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName;
        if (System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(real)) is { } folder && !Directory.Exists(folder))
        {
            StateFolder.Create(folder);
        }

        file = PrivateFile.Open(real, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);
        if (IsPlain)
        {
            RequireOurs(real);
            PrivateFile.Close(real);
        }

        if (file.CanSeek)
        {
            file.Seek(0, SeekOrigin.End);
        }
    }

    /// <exception cref="ForeignFileException">The file exists and does not begin as ours do; a torn first line still does.</exception>
    private void RequireOurs(string file)
    {
        if (!File.Exists(file))
        {
            return;
        }

        // Our own lock may be on the file already, so this reader must not ask for one against it.
        using var reader = new FileStream(file, new FileStreamOptions { Access = FileAccess.Read, Share = FileShare.ReadWrite, BufferSize = 0 });
        var head = new byte[beginning.Length];
        var read = reader.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        if (!head.AsSpan(0, read).SequenceEqual(beginning.AsSpan(0, read)))
        {
            throw new ForeignFileException($"{file} holds something else and is left as it is.");
        }
    }

    private void CutTornLine()
    {
        if (!IsPlain || file!.Length == 0)
        {
            return;
        }

        // Our own lock is on the file already, so this reader must not ask for one against it.
        using var reader = new FileStream(real, new FileStreamOptions { Access = FileAccess.Read, Share = FileShare.ReadWrite });
        var tail = new byte[(int)Math.Min(file.Length, 1 << 16)];
        reader.Seek(-tail.Length, SeekOrigin.End);
        reader.ReadExactly(tail);
        CutTo(file.Length - tail.Length + Array.LastIndexOf(tail, (byte)'\n') + 1);
    }

    private void CutTo(long length)
    {
        if (IsPlain && file!.Length > length)
        {
            file.SetLength(length);
            file.Seek(0, SeekOrigin.End);
        }
    }

    private bool Try(Action work, bool isRepair = false)
    {
        try
        {
            work();
            failedAt = isRepair ? failedAt : null;
            return true;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            Fail(problem);
            return false;
        }
        finally
        {
            if (failedAt is not null)
            {
                file?.Dispose();
                file = null;
            }
        }
    }

    private void Fail(Exception problem)
    {
        Error = problem.Message;
        IsForeign = problem is ForeignFileException;
        failedAt = time.GetTimestamp();
    }

    private sealed class ForeignFileException(string message) : IOException(message);
}
