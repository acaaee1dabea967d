using KpiStream.Engine.Kpis;

namespace KpiStream.Engine.Boards;

/// <summary>Targets in words, with Vietnamese decimals.</summary>
public static class TargetText
{
    public static string Of(Target target) => target.Comparison switch
    {
        TargetComparison.AtLeast when target.Value >= 1 => "100 %",
        TargetComparison.AtLeast => $"≥ {Number(target.Value * 100)} %",
        _ => $"≥ {Number(target.Value)} hồ sơ",
    };

    private static string Number(double value) =>
        Math.Round(value, 2).ToString("0.##").Replace('.', ',');
}
