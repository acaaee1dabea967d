namespace KpiStream.Engine.Tests.Kpis;

public class TargetTests
{
    private static readonly Target Of2023 = Ratio(0.6, "2023-01-01", "2023-12-31");
    private static readonly Target Of2025 = Ratio(0.7, "2025-01-01", "2025-12-31");

    [Theory]
    [InlineData("2022-12-31", null, null)]
    [InlineData("2023-06-01", 0.6, null)]
    [InlineData("2024-06-01", null, null)] // a later one is known
    [InlineData("2025-12-31", 0.7, null)]
    [InlineData("2026-01-01", 0.7, 2025)]
    [InlineData("2026-11-26", 0.7, 2025)]
    public void OfDatedTargets_TheOneInForceHoldsAndTheLastOneLapses(string day, double? value, int? lapsed)
    {
        var applied = AppliedTarget.On([Of2023, Of2025], DateOnly.Parse(day));

        Assert.Equal((value, lapsed), (applied?.Target.Value, applied?.Lapsed));
    }

    [Theory]
    [InlineData("2025-06-01", "A", 0.8, null)] // its own
    [InlineData("2025-06-01", "B", 0.75, null)] // the province's
    [InlineData("2025-06-01", null, 0.7, null)] // the rulebook's
    [InlineData("2026-06-01", "A", 0.9, null)]
    [InlineData("2026-06-01", "B", 0.75, 2025)] // the province's last one
    [InlineData("2023-06-01", "A", 0.6, null)]
    public void AUnitsOwnTarget_HoldsForItselfAndAllBelowIt(string day, string? unit, double value, int? lapsed)
    {
        var register = new TargetRegister(
        [
            new UnitTarget("f", "P", Ratio(0.75, "2025-01-01", "2025-12-31"), null, "b"),
            new UnitTarget("f", "A", Ratio(0.8, "2025-01-01", "2025-12-31"), null, "b"),
            new UnitTarget("f", "A", Ratio(0.9, "2026-01-01", null), null, "b"),
            new UnitTarget("g", "B", Ratio(1, null, null), null, "b"),
        ]);
        var figure = new FigureDefinition
        {
            Id = "f",
            Version = 1,
            NameVi = "f",
            NameEn = "f",
            Basis = "b",
            Kind = CaseKind.Case,
            Unit = UnitRole.Handling,
            Time = TimeRole.Ended,
            Of = [],
            Count = [],
            Targets = [Of2023, Of2025],
            TooFew = 20,
        };

        var applied = register.On(figure, unit is null ? ["C"] : [unit, "P"], DateOnly.Parse(day));

        Assert.Equal((value, lapsed), (applied!.Value.Target.Value, applied.Value.Lapsed));
    }

    private static Target Ratio(double value, string? from, string? to) =>
        new(TargetComparison.AtLeast, value, from is null ? null : DateOnly.Parse(from), to is null ? null : DateOnly.Parse(to), null);
}
