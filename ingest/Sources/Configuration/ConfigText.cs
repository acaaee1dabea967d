namespace KpiStream.Ingest.Sources.Configuration;

/// <summary>Reads an operator's file whole; what stops it becomes a problem that says what to do.</summary>
internal static class ConfigText
{
    /// <summary>The longest file read, 16 MiB: the nation's directory is 0.2 MB.</summary>
    private const int MaxBytes = 16 << 20;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

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

            return Strict.GetString(File.ReadAllBytes(path)).TrimStart('\uFEFF');
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            problems.Add(new ConfigProblem(path, 0, "", $"there is no such file; {advice}"));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            problems.Add(new ConfigProblem(path, 0, "", $"cannot be read ({error.Message}); check its name, permissions and that it is UTF-8"));
        }

        return null;
    }
}
