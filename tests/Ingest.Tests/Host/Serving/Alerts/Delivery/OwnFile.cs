namespace KpiStream.Ingest.Tests.Host.Serving.Alerts.Delivery;

/// <summary>Who may read a file with a secret.</summary>
internal static class OwnFile
{
    public static void Allow(string path, bool others = false)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | (others ? UnixFileMode.OtherRead : UnixFileMode.None));
        }
    }
}
