using KpiStream.Engine.Units;
using KpiStream.Ingest.Host.Serving.Alerts;
using KpiStream.Ingest.Sources.Configuration.Alerts;

namespace KpiStream.Ingest.Tests.Host.Serving.Alerts;

/// <summary>Texts by which alerts were judged, in the state folder.</summary>
public sealed class KeptTextsTests : IDisposable
{
    private const int Most = 3;

    private readonly TemporaryFolder folder = new();
    private readonly List<string> said = [];

    public void Dispose() => folder.Dispose();

    [Fact]
    public void EveryText_IsItsOwnersAlone_AndTheNewestStay()
    {
        var texts = new KeptTexts(folder.Path, said.Add, Most);
        var begun = DateTime.UtcNow.AddHours(-1);
        for (var number = 0; number < 6; number++)
        {
            texts.Keep(Rules(number), Calendars(number));
            foreach (var (path, text) in new[] { (Path(Rules(number)), Rules(number).Text), (Path(Calendars(number)), Calendars(number).Text) })
            {
                Assert.Equal(text, File.ReadAllText(path));
                Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(path) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
                File.SetLastWriteTimeUtc(path, begun.AddMinutes(number));
            }
        }

        texts.Keep(Rules(3), Calendars(3)); // in force again, and so the newest
        texts.Keep(Rules(6), Calendars(6));
        texts.Keep(Rules(7), Calendars(7));

        Assert.Empty(said);
        Assert.Equal(
            ((int[])[3, 6, 7]).SelectMany(number => (string[])[Name(Path(Rules(number))), Name(Path(Calendars(number)))]).Order(),
            Directory.GetFiles(folder.Path).Select(Name).Order()!);

        string Path(object edition) => edition is AlertRuleSet rules ? KeptTexts.PathOfRules(folder.Path, rules.Hash)
            : KeptTexts.PathOfCalendars(folder.Path, ((UnitCalendars)edition).Version);
    }

    [Fact]
    public void WhatHasNoText_IsNotKept()
    {
        new KeptTexts(folder.Path, said.Add).Keep(AlertRuleSet.Empty, new UnitCalendars(Shipped.Calendar));
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void ADiskThatFails_IsSaid()
    {
        new KeptTexts(folder.File("missing"), said.Add).Keep(Rules(1), Calendars(1));
        Assert.Equal(["rules", "calendars"], said.Select(static line => line.Split("Alerts by these ")[1].Split(' ')[0]));
    }

    private static string Name(string path) => System.IO.Path.GetFileName(path);

    private static AlertRuleSet Rules(int number) => AlertRuleSet.Empty with { Hash = $"{number:x64}", Text = $"rules {number}" };

    private static UnitCalendars Calendars(int number) =>
        UnitCalendarFile.Parse(
            "days.csv", $"unit,from,to,kind,certainty,reason\n11953,2026-09-0{number + 1},,saturday_mornings,announced,r\n", Shipped.Calendar,
            Shipped.Units("hungyen"), [])!;
}
