namespace KpiStream.Ingest.Sources.Configuration.Text;

/// <summary>Reads an operator's file whole; what stops it becomes a problem that says what to do.</summary>
internal static class ConfigText
{
    /// <summary>The longest file read, 16 MiB: the nation's directory is 0.2 MB.</summary>
    private const int MaxBytes = 16 << 20;

    /// <summary>A line break of YAML that is a control character of Unicode.</summary>
    private const int NextLine = 0x85;

    /// <summary>The text without byte-order mark; null when there was a problem.</summary>
    /// <param name="advice">What to do when the file is not there.</param>
    public static string? TryRead(string path, string advice, ICollection<ConfigProblem> problems)
    {
        try
        {
            if (new FileInfo(path).Length > MaxBytes)
            {
                problems.Add(new ConfigProblem(path, 0, "", $"is larger than {MaxBytes} bytes; this cannot be the right file"));
                return null;
            }

            var bytes = File.ReadAllBytes(path);
            if (FindMistake(bytes) is var (line, message))
            {
                problems.Add(new ConfigProblem(path, line, "", message));
                return null;
            }

            return Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF');
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            problems.Add(new ConfigProblem(path, 0, "", $"there is no such file; {advice}"));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            problems.Add(new ConfigProblem(path, 0, "", $"cannot be read ({error.Message}); check its name and permissions"));
        }

        return null;
    }

    /// <summary>What makes bytes no text of ours, and in which line; null when they are.</summary>
    private static (int Line, string Message)? FindMistake(ReadOnlySpan<byte> bytes)
    {
        if (EncodingOf(bytes) is { } encoding)
        {
            return (0, $"is {encoding}; save it as UTF-8");
        }

        for (var at = 0; at < bytes.Length;)
        {
            if (Rune.DecodeFromUtf8(bytes[at..], out var rune, out var length) != System.Buffers.OperationStatus.Done)
            {
                return (LineOf(bytes, at), "holds bytes that are not UTF-8, as a file saved as Windows-1258 or Latin-1 does; save it as UTF-8");
            }

            if (Rune.IsControl(rune) && rune.Value is not ('\t' or '\n' or '\r' or NextLine))
            {
                return (LineOf(bytes, at), $"holds a {(rune.Value == 0 ? "NUL" : "control")} character (U+{rune.Value:X4}); remove it");
            }

            at += length;
        }

        return null;
    }

    private static string? EncodingOf(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [0xff, 0xfe, 0, 0, ..] or [0, 0, 0xfe, 0xff, ..] => "UTF-32",
        [0xff, 0xfe, ..] or [0xfe, 0xff, ..] or [0, not 0, 0, not 0, ..] or [not 0, 0, not 0, 0, ..] => "UTF-16",
        _ => null,
    };

    private static int LineOf(ReadOnlySpan<byte> bytes, int at) => bytes[..at].Count((byte)'\n') + 1;
}
