namespace KpiStream.Ingest.Tests.Host.Serving.Alerts;

/// <summary>Files that are written again and again within one test.</summary>
internal static class WrittenFile
{
    private static readonly DateTime First = new(2026, 9, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>Writes a text as if a second after the one before: nobody writes two within the least step of a file's time. Null deletes the file.</summary>
    public static void Write(string path, string? text)
    {
        if (text is null)
        {
            File.Delete(path);
            return;
        }

        var before = File.Exists(path) ? File.GetLastWriteTimeUtc(path) : First;
        File.WriteAllText(path, text);
        File.SetLastWriteTimeUtc(path, (before < First.AddDays(1) ? before : First).AddSeconds(1));
    }
}
