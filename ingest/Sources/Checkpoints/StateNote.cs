using KpiStream.Ingest.Sources.Recordings;

namespace KpiStream.Ingest.Sources.Checkpoints;

/// <summary>
/// A small file beside the checkpoints that is written anew as a whole: one line of text, and a second with its checksum. At any moment it is what
/// it was or what it is to be. Owned by one flow at a time.
/// </summary>
/// <param name="files">The folder.</param>
/// <param name="name">The file.</param>
public sealed class StateNote(IStateFiles files, string name)
{
    /// <summary>The file of what is known of alerts.</summary>
    public const string Alerts = "alerts.json";

    /// <summary>The file of what a source has lost.</summary>
    public const string Gaps = "gaps.json";

    /// <summary>The file of what was rejected over HTTP, in the folder of an embedded log.</summary>
    public const string Rejections = "rejected.json";

    /// <summary>The file of the wallboards there are.</summary>
    public const string Boards = "boards.json";

    private const string Unfinished = ".tmp";

    /// <summary>A longer file is none that was written here.</summary>
    private const int MostBytes = 256 << 20;

    /// <summary>True for a path whose file has the name of one of the notes.</summary>
    public static bool IsName(string path) => Path.GetFileName(path) is Alerts or Gaps or Rejections or Boards;

    /// <summary>What to call it in messages.</summary>
    public string Name => $"{name} in {files.Name}";

    /// <summary>Writes it.</summary>
    /// <param name="line">Text in UTF-8 without a line end.</param>
    /// <param name="toDisk">True to wait for the disk; without it a process that is killed loses nothing, but a machine that loses its power may.</param>
    /// <exception cref="IOException">It could not be written; what stood there stands there still.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public void Write(ReadOnlySpan<byte> line, bool toDisk = true)
    {
        using (var file = files.Create(name + Unfinished))
        {
            file.Write([.. line, .. ChecksumOf(line)]);
            if (toDisk)
            {
                file.Sync();
            }
        }

        files.Rename(name + Unfinished, name);
        if (toDisk)
        {
            files.SyncNames();
        }
    }

    /// <summary>Reads what was written.</summary>
    /// <param name="line">The line; empty when there is none.</param>
    /// <returns>False when it is damaged.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public bool TryRead(out byte[] line)
    {
        line = [];
        if (!files.List().Contains(name, StringComparer.Ordinal))
        {
            return true;
        }

        using var file = files.Read(name);
        if (file.Length > MostBytes)
        {
            return false;
        }

        using var all = new MemoryStream();
        file.CopyTo(all);
        var bytes = all.ToArray();
        var end = bytes.AsSpan().IndexOf((byte)'\n');
        if (end < 0 || !bytes.AsSpan(end).SequenceEqual(ChecksumOf(bytes.AsSpan(0, end))))
        {
            return false;
        }

        line = bytes[..end];
        return true;
    }

    private static byte[] ChecksumOf(ReadOnlySpan<byte> line) =>
        Encoding.ASCII.GetBytes($"\ncrc32c {Crc32C.Of(line):x8}\n");
}
