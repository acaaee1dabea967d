namespace KpiStream.Ingest.Tests.Sources.Configuration;

public sealed class SettingsFileTests : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("kpistream-settings-");
    private readonly List<ConfigProblem> problems = [];

    [Fact]
    public void NoFileNamedAndNoneThere_GivesTheDefaults()
    {
        var loaded = SettingsFile.Load(null, problems);

        Assert.Empty(problems);
        Assert.Equal(("vn-2026", 29), (loaded!.Rulebook.Id, loaded.Rulebook.Figures.Count));
        Assert.StartsWith("units-hungyen.csv@", loaded.Units.Version);
    }

    [Fact]
    public void FileNamedButMissing_SaysWhatToDo()
    {
        Assert.Null(SettingsFile.Load("no-such.yaml", problems));
        Assert.Equal(
            "no-such.yaml: there is no such file; leave it out to use kpistream.yaml of the working directory, or the defaults where there is none",
            Assert.Single(problems).ToString());
    }

    [Fact]
    public void PathsInTheFile_AreMeantFromItsPlace()
    {
        Write("units.csv", "code,name,kind,parent\n1,Một,xã,\n");
        Write("rules.yaml", Shipped.Text("rulebook.yaml").Replace("id: vn-2026", "id: mine"));
        var path = Write("kpistream.yaml",
            "units: units.csv\nrulebook: rules.yaml\npseudonym_key_file: a.key\nstate_dir: kept\ndead_letters: {file: dead/letters}\n");

        var loaded = SettingsFile.Load(path, problems);

        Assert.Empty(problems);
        Assert.Equal(("mine", 1), (loaded!.Rulebook.Id, loaded.Units.Rows.Count));
        Assert.Equal(Path.Combine(directory.FullName, "a.key"), loaded.Settings.PseudonymKeyFile);
        Assert.Equal(Path.Combine(directory.FullName, "dead/letters"), loaded.Settings.DeadLetters.File);
        Assert.Equal(Path.Combine(directory.FullName, "kept"), StateFolder.Of(loaded.Settings));
    }

    [Fact]
    public void MistakesInAllFiles_AreNamedTogether()
    {
        Write("units.csv", "code,name,kind,parent\n1,Một\n");
        Write("rules.yaml", Shipped.Text("rulebook.yaml").Replace("on_time_by: day", "on_time_by: week"));
        var path = Write("kpistream.yaml", "units: units.csv\nrulebook: rules.yaml\n");

        Assert.Null(SettingsFile.Load(path, problems));
        Assert.Equal(["rules.yaml", "units.csv"], problems.Select(problem => Path.GetFileName(problem.File)).Order());
    }

    [Fact]
    public void CatalogueTargetsAndCalendar_CompleteTheRulebook()
    {
        Write("p.csv", "code,name,field,level,eligible,fee\n1.1,Một,,full,true,\n");
        Write("t.csv", "figure,unit,from,to,at_least,registered_on,basis\nfully_online,33,2026-01-01,,80 %,,QĐ\n");
        Write("c.csv", "date,kind,name,certainty\n2030-01-01,closed,x,expected\n");
        Write("rules.yaml", Shipped.Text("rulebook.yaml").Replace("lists:\n", "lists:\n  online: {catalogue: eligible}\n"));

        var loaded = SettingsFile.Load(Write("kpistream.yaml", "rulebook: rules.yaml\nprocedures: p.csv\ntargets: t.csv\ncalendar: c.csv\n"), problems);

        Assert.Empty(problems);
        Assert.Equal("Một", Assert.Single(loaded!.Catalogue.Rows).Name);
        Assert.Equal(["1.1"], loaded.Rulebook.Lists[0].Procedures);
        Assert.Equal("33", Assert.Single(loaded.Rulebook.UnitTargets.Rows).Unit);
        Assert.Single(loaded.Rulebook.Calendar.Days);
    }

    [Fact]
    public void AListOfTheCatalogueWithoutOne_SaysWhatToName()
    {
        Write("rules.yaml", Shipped.Text("rulebook.yaml").Replace("lists:\n", "lists:\n  online: {catalogue: eligible}\n"));

        Assert.Null(SettingsFile.Load(Write("kpistream.yaml", "rulebook: rules.yaml\n"), problems));
        Assert.Equal("lists.online.catalogue", Assert.Single(problems).Key);
    }

    [Fact]
    public void AlertOnAFigureTheRulebookLacks_IsNamedWithItsLine()
    {
        var path = Write("kpistream.yaml", "shards: 1\nalerts:\n  below_target:\n    - figure: handled\n");

        Assert.Null(SettingsFile.Load(path, problems));
        var problem = Assert.Single(problems);
        Assert.Equal((4, "alerts.below_target[0].figure"), (problem.Line, problem.Key));
    }

    public void Dispose() => directory.Delete(recursive: true);

    private string Write(string name, string text)
    {
        var path = Path.Combine(directory.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
