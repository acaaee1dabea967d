namespace KpiStream.Ingest.Tests.Host;

/// <summary>What <c>serve</c> would write by its settings is compared with all it reads by them.</summary>
public sealed class SettingsOutputsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("units.csv", "units")]
    [InlineData("rulebook.yaml", "rulebook")]
    [InlineData("targets.csv", "targets")]
    [InlineData("procedures.csv", "procedures")]
    [InlineData("calendar.csv", "calendar")]
    [InlineData("pseudonym.key", "pseudonym_key_file")]
    [InlineData("kpistream.yaml", "the settings file")]
    public void DeadLettersOverAnInput_AreRefused_WhateverTheInputIsCalled(string name, string key)
    {
        foreach (var file in (string[])["units.csv", "rulebook.yaml", "targets.csv", "procedures.csv", "calendar.csv", "pseudonym.key", "kpistream.yaml"])
        {
            File.WriteAllText(folder.File(file), "x");
        }

        File.CreateSymbolicLink(folder.File("link"), folder.File(name));
        foreach (var letters in (string[])[name, "link"])
        {
            var mistake = Assert.Single(MistakesOf(SettingsOf(letters)));
            Assert.Contains("dead_letters.file", mistake.Message);
            Assert.Contains(key, mistake.Message);
        }

        Assert.Empty(MistakesOf(SettingsOf("letters.ndjson")));
    }

    private Settings SettingsOf(string letters) => Settings.Default with
    {
        Units = folder.File("units.csv"),
        Rulebook = folder.File("rulebook.yaml"),
        Targets = folder.File("targets.csv"),
        Procedures = folder.File("procedures.csv"),
        Calendar = folder.File("calendar.csv"),
        PseudonymKeyFile = folder.File("pseudonym.key"),
        DeadLetters = Settings.Default.DeadLetters with { File = folder.File(letters) },
    };

    private List<ConfigProblem> MistakesOf(Settings settings)
    {
        var problems = new List<ConfigProblem>();
        SettingsOutputs.Check(settings, folder.File("kpistream.yaml"), problems);
        return problems;
    }
}
