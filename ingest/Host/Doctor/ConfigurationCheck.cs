namespace KpiStream.Ingest.Host.Doctor;

/// <summary>Settings, rulebook, units and profiles: every mistake on a line of its own.</summary>
internal static class ConfigurationCheck
{
    public static IEnumerable<Finding> Look(ServePlan plan)
    {
        foreach (var problem in plan.Problems)
        {
            yield return Finding.Problem("settings", problem.ToString(), ExitCode.Configuration);
        }

        if (plan.Loaded is { } loaded)
        {
            yield return Finding.Ok("settings", "readable");
            yield return Finding.Ok("rulebook", $"{loaded.Rulebook.Id} {loaded.Rulebook.Version} with {loaded.Rulebook.Figures.Count} figures");
            yield return Finding.Ok("units", $"{loaded.Units.Version} with {loaded.Units.Rows.Count} units");
        }
    }
}
