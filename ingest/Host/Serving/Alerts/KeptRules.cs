using KpiStream.Ingest.Sources.Configuration.Alerts;

namespace KpiStream.Ingest.Host.Serving.Alerts;

/// <summary>The texts of the alert rules that were ever in force, in the state folder by their hash: what they decided can be judged again.</summary>
/// <param name="folder">The state folder.</param>
/// <param name="say">Told why a text could not be kept.</param>
internal sealed class KeptRules(string folder, Action<string> say)
{
    private string kept = "";

    /// <summary>Where the text of a hash is kept.</summary>
    public static string PathOf(string folder, string hash) => Path.Combine(folder, $"alert-rules-{hash}.yaml");

    /// <summary>Keeps a text unless it is kept already. Rules without a text are of the settings, and stand there.</summary>
    public void Keep(AlertRuleSet rules)
    {
        if (rules.Hash == kept)
        {
            return;
        }

        kept = rules.Hash;
        var path = PathOf(folder, rules.Hash);

        // Nothing is said of it: there are no cases in it.
        PrivateFile.Close(path);
        try
        {
            if (rules.Text.Length > 0 && !File.Exists(path))
            {
                using var stream = PrivateFile.Open($"{path}.new", FileMode.Create, FileAccess.Write, FileShare.None);
                stream.Write(Encoding.UTF8.GetBytes(rules.Text));
                stream.Flush(flushToDisk: true);
                stream.Dispose();
                File.Move($"{path}.new", path, overwrite: true);
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            say($"{path} could not be written: {problem.Message} Alerts by these rules can be explained only while their file stays as it is.");
        }
    }
}
