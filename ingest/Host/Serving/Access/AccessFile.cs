using System.Text.Json.Serialization;

namespace KpiStream.Ingest.Host.Serving.Access;

/// <summary>
/// The file of keys and board tokens, readable by its owner alone. Commands change it, a running server reads it again when it has changed. It is replaced
/// whole, by one program at a time.
/// </summary>
/// <param name="folder">Its folder, made when something is written.</param>
internal sealed class AccessFile(string folder)
{
    public const string Name = "access.json";
    public const int MostEntries = 1_000;

    private const int MostBytes = 4 << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
    };

    public string Path { get; } = System.IO.Path.Combine(folder, Name);

    /// <summary>The file's bytes; empty when there is none.</summary>
    /// <exception cref="IOException">It cannot be read, or others may write it.</exception>
    public byte[] ReadBytes()
    {
        try
        {
            using var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (file.Length > MostBytes)
            {
                throw new IOException($"{Path} is longer than {MostBytes} bytes, which no file of this program is.");
            }

            const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file.SafeFileHandle) & Others) != UnixFileMode.None)
            {
                throw new IOException($"{Path} may be read or written by others than its owner: run 'chmod 600 {Path}'.");
            }

            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
        catch (UnauthorizedAccessException error)
        {
            throw new IOException($"{Path} cannot be read by this user ({error.Message}): run the program as its owner.", error);
        }
    }

    /// <summary>The entries in bytes of a file.</summary>
    /// <exception cref="IOException">They are no such file's.</exception>
    public IReadOnlyList<AccessEntry> Parse(byte[] bytes)
    {
        try
        {
            return bytes.Length == 0 ? [] : JsonSerializer.Deserialize<Content>(bytes, Format) is { Version: 1, Entries: { } entries }
                && entries.All(static entry => entry is { Id.Length: > 0, Name: not null, Hash.Length: 64, Roles: not null })
                ? entries : throw new JsonException("not of this version");
        }
        catch (JsonException error)
        {
            throw new IOException(
                $"{Path} is not as this program writes it ({error.Message}): bring it back from a copy, or delete it and create keys again.", error);
        }
    }

    public IReadOnlyList<AccessEntry> Read() => Parse(ReadBytes());

    /// <summary>Puts what a function makes of the entries in their place; null leaves them.</summary>
    /// <exception cref="IOException">It cannot be read or written.</exception>
    public void Change(Func<IReadOnlyList<AccessEntry>, IReadOnlyList<AccessEntry>?> change)
    {
        try
        {
            if (!Directory.Exists(folder))
            {
                StateFolder.Create(folder);
            }

            using var claim = FileClaim.Take($"{Path}.claim", Patience);
            if (change(Read()) is not { } changed)
            {
                return;
            }

            var unfinished = $"{Path}.unfinished";
            File.Delete(unfinished);
            using (var file = PrivateFile.Open(unfinished, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                file.Write(JsonSerializer.SerializeToUtf8Bytes(new Content(1, changed), Format));
                file.Flush(flushToDisk: true);
            }

            File.Move(unfinished, Path, overwrite: true);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new IOException($"{Path} cannot be written by this user ({error.Message}): run the program as the user that runs serve.", error);
        }
    }

    private sealed record Content(int Version, IReadOnlyList<AccessEntry> Entries);
}
