using KpiStream.Ingest.Sources.Configuration.Alerts;

namespace KpiStream.Ingest.Host.Serving.Alerts;

/// <summary>
/// The texts of the files that alerts were judged by, in the state folder by their hash: what they decided can be judged again. Of each kind the newest
/// <paramref name="most"/> stay. Used by one flow.
/// </summary>
/// <param name="folder">The state folder.</param>
/// <param name="say">Told why a text could not be kept.</param>
internal sealed class KeptTexts(string folder, Action<string> say, int most = KeptTexts.Most)
{
    /// <summary>How many editions of a file are kept: a new one every hour, for as long as ticks are.</summary>
    public const int Most = 1_500;

    private string rulesKept = "";
    private UnitCalendars? calendarsKept;

    /// <summary>Where rules are kept.</summary>
    public static string PathOfRules(string folder, string hash) => Path.Combine(folder, $"alert-rules-{hash}.yaml");

    /// <summary>Where units' calendars are kept.</summary>
    /// <param name="version">The file's name with the first digits of its hash, see <see cref="UnitCalendars.Version"/>.</param>
    public static string PathOfCalendars(string folder, string version) =>
        Path.Combine(folder, $"unit-calendars-{version[(version.LastIndexOf('@') + 1)..]}.csv");

    /// <summary>Keeps both unless they are kept already. What has no text is of the settings, and stands there.</summary>
    public void Keep(AlertRuleSet rules, UnitCalendars calendars)
    {
        if (rules.Hash != rulesKept)
        {
            rulesKept = rules.Hash;
            Keep(PathOfRules(folder, rules.Hash), rules.Text, PathOfRules("", "*"), "rules");
        }

        if (!ReferenceEquals(calendars, calendarsKept))
        {
            calendarsKept = calendars;
            Keep(PathOfCalendars(folder, calendars.Version), calendars.Text, PathOfCalendars("", "*"), "calendars");
        }
    }

    private void Keep(string path, string text, string pattern, string what)
    {
        // Nothing is said of it: there are no cases in it.
        PrivateFile.Close(path);
        try
        {
            if (text.Length == 0)
            {
                return;
            }

            if (File.Exists(path))
            {
                File.SetLastWriteTimeUtc(path, DateTime.UtcNow); // in force again, and so among the newest
                return;
            }

            using (var stream = PrivateFile.Open($"{path}.new", FileMode.Create, FileAccess.Write, FileShare.None))
            {
                stream.Write(Encoding.UTF8.GetBytes(text));
                stream.Flush(flushToDisk: true);
            }

            File.Move($"{path}.new", path, overwrite: true);
            foreach (var old in new DirectoryInfo(folder).GetFiles(pattern).OrderByDescending(static file => file.LastWriteTimeUtc).Skip(most))
            {
                old.Delete();
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            say($"{path} could not be written: {problem.Message} Alerts by these {what} can be explained only while their file stays as it is.");
        }
    }
}
