namespace KpiStream.Ingest.Host.Doctor;

/// <summary>The pseudonym key, without which a state is somebody else's. Makes none.</summary>
internal static class KeyCheck
{
    private const string Check = "key";

    /// <param name="stateKeys">The ids of the keys under which checkpoints or a log were made.</param>
    public static IEnumerable<Finding> Look(Settings settings, IReadOnlyCollection<string> stateKeys)
    {
        var fromEnvironment = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(PseudonymKeyChoice.Variable));
        var file = settings.PseudonymKeyFile ?? Path.Combine(StateFolder.Of(settings), PseudonymKeyFile.DefaultName);
        if ((!fromEnvironment || settings.PseudonymKeyFile is not null) && !File.Exists(file))
        {
            return [Missing(file, stateKeys)];
        }

        var problems = new List<ConfigProblem>();
        var key = PseudonymKeyChoice.ForServe(settings, isDemo: false, problems); // it is there, so none is made
        if (key is null)
        {
            return problems.Select(problem => Finding.Problem(Check, problem.ToString(), ExitCode.Configuration));
        }

        var where = fromEnvironment ? PseudonymKeyChoice.Variable : file;
        return stateKeys.FirstOrDefault(other => other != key.Id) is { } other
            ? [Finding.Problem(Check, $"{where} holds the key with id {key.Id}, but the state was made with the key with id {other}: bring that one back, or "
                + "give another --state folder.", ExitCode.Configuration)]
            : [Finding.Ok(Check, $"{where}, id {key.Id}")];
    }

    private static Finding Missing(string file, IReadOnlyCollection<string> stateKeys) => stateKeys.Count > 0
        ? Finding.Problem(Check, $"{file} is missing, but the state was made with the key with id {stateKeys.First()}: bring it back; with a new one every "
            + "case would count twice.", ExitCode.Configuration)
        : Finding.Warning(Check, $"{file} is not there yet: the first start makes one; keep a copy where the state's copies are not.");
}
