using KpiStream.Engine.Alerts;
using KpiStream.Engine.Windowing;
using KpiStream.Ingest.Host.Output;
using KpiStream.Ingest.Host.Serving.Alerts;
using KpiStream.Ingest.Sources.Configuration.Alerts;
using Microsoft.Extensions.Time.Testing;

namespace KpiStream.Ingest.Tests.Host.Serving.Alerts;

/// <summary>A rules file that is changed while the server runs.</summary>
public sealed class RulesInForceTests : IDisposable
{
    private const string Unit = "11953";

    private readonly TemporaryFolder folder = new();
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 7, 1, 8, 0, 0, TimeSpan.FromHours(7)));
    private readonly StringWriter said = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void AnotherFile_IsInForceAsAnotherEdition()
    {
        var rules = Start("ratio, figure: fully_online, period: 30d");

        Write("ratio, figure: synced, period: 30d");
        Look(rules);
        Assert.Equal(("synced", 2), (Assert.Single(rules).Figure, rules.Number));
        Assert.Contains($"edition 2 is in force, mine 1 ({rules.Current.Hash[..12]})", said.ToString());
    }

    [Theory]
    [InlineData("ratio, figure: fully_onlin", "did you mean 'fully_online'?")]
    [InlineData("ratio, figure: fully_online, period: 17d", "rule watched is over 17d, which this server does not keep (30d)")]
    public void RulesThatCannotBeJudged_AreRefused(string mistake, string why)
    {
        var rules = Start("ratio, figure: fully_online, period: 30d");

        Write(mistake);
        Look(rules);
        Assert.Equal(("fully_online", 1), (Assert.Single(rules).Figure, rules.Number));
        Assert.Contains(why, rules.Refused);
        Assert.Contains("are not used", said.ToString());
    }

    [Fact]
    public void AlertsOfARuleThatStays_GoOn_AndThoseOfOneThatIsGoneEnd()
    {
        var rules = Start("ratio, figure: fully_online, period: 30d");
        var engine = new AlertEngine(AlertLimits.Default);
        var bad = engine.Evaluate(Readings(rules), Now()).Transitions;
        Assert.Equal(AlertState.Firing, Assert.Single(bad).Alert.State);

        Write("ratio, figure: fully_online, period: 30d, min_count: 30");
        Look(rules);
        Assert.Empty(engine.Evaluate([.. rules.Retired, .. Readings(rules)], Now()).Transitions);

        Write("ratio, figure: fully_online, period: 30d", id: "other");
        Look(rules);
        var changes = engine.Evaluate([.. rules.Retired, .. Readings(rules)], Now()).Transitions;
        Assert.Equal(
            [("other", AlertState.Firing), ("watched", AlertState.Resolved)], changes.Select(change => (change.Alert.Rule.Id, change.Alert.State)).Order());
        Assert.Contains("Gone, and with them their alerts: watched.", said.ToString());
    }

    private static List<AlertReading> Readings(RulesInForce rules) => [.. rules.Select(rule => new AlertReading(rule, Unit, 200, 40, 0.7, HasData: true))];

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();

    private void Look(RulesInForce rules)
    {
        time.Advance(TimeSpan.FromSeconds(5));
        rules.LookAgain();
    }

    private RulesInForce Start(string rule)
    {
        Write(rule);
        var (path, book, units) = (folder.File("alerts.yaml"), Shipped.Rulebook(), Shipped.Units("hungyen"));
        return new RulesInForce(
            AlertRulesFile.Load(path, book, units, [])!, problems => AlertRulesFile.Load(path, book, units, problems), path, [Period.TryParse("30d")!], units,
            new OperatorLog(said, time), time);
    }

    private void Write(string rule, string id = "watched") =>
        WrittenFile.Write(folder.File("alerts.yaml"), $"id: mine\nversion: 1\nrules:\n  - {{id: {id}, kind: {rule}}}\n");
}
