namespace KpiStream.Ingest.Host.Serving.Alerts;

/// <summary>Numbers, days and periods as Vietnamese offices write them.</summary>
public static class VietnameseText
{
    private static readonly NumberFormatInfo Numbers = new() { NumberGroupSeparator = ".", NumberDecimalSeparator = "," };

    /// <summary>A count, like <c>1.234</c>.</summary>
    public static string Count(long count) => count.ToString("N0", Numbers);

    /// <summary>A number to a tenth, like <c>17,5</c>.</summary>
    public static string Tenths(double number) => number.ToString("N1", Numbers);

    /// <summary>A figure's two numbers, like <c>1.091/1.120</c>; of a volume only the one.</summary>
    public static string Fraction(long? numerator, long denominator) =>
        numerator is { } counted ? $"{Count(counted)}/{Count(denominator)}" : Count(denominator);

    /// <summary>A ratio to a tenth of a percent, like <c>69,9 %</c>. Cut, not rounded: 69.96 % must not read as having reached 70 %.</summary>
    public static string Percent(long numerator, long denominator)
    {
        var tenths = (Int128)numerator * 1_000 / denominator;
        return $"{tenths / 10},{tenths % 10} %";
    }

    /// <summary>A target, like <c>70 %</c> or <c>66,6 %</c>.</summary>
    /// <param name="ratio">0–1.</param>
    public static string Target(double ratio) => ((decimal)ratio * 100).ToString("0.##", Numbers) + " %";

    /// <summary>A day, like <c>01/7/2025</c>: days below 10 and the months 1 and 2 take a zero (Nghị định 30/2020/NĐ-CP, phụ lục I).</summary>
    public static string Day(DateOnly day) => day.Month <= 2 ? $"{day:dd/MM/yyyy}" : $"{day:dd}/{day.Month}/{day:yyyy}";

    /// <summary>A local time of day, like <c>10:42</c>.</summary>
    /// <param name="millis">Since 1970 UTC.</param>
    public static string Hour(long millis) => InstantText.ToLocalSeconds(millis)[11..16];

    /// <summary>A duration in its greatest fitting unit, like <c>7 phút</c>.</summary>
    public static string Duration(long millis) => millis switch
    {
        < 120_000 => $"{millis / 1_000} giây",
        < 7_200_000 => $"{millis / 60_000} phút",
        < 172_800_000 => $"{millis / 3_600_000} giờ",
        _ => $"{Count(millis / 86_400_000)} ngày",
    };

    /// <summary>A period, as it follows a number.</summary>
    public static string Span(Period period) => period.Kind switch
    {
        PeriodKind.Day => "trong ngày",
        PeriodKind.Month => "trong tháng",
        PeriodKind.Quarter => "trong quý",
        PeriodKind.Year => "trong năm",
        PeriodKind.Since => $"từ ngày {Day(period.From)} đến nay",
        PeriodKind.Range => $"từ ngày {Day(period.From)} đến hết ngày {Day(period.To)}",
        PeriodKind.Sliding => Sliding(period.Seconds),
        _ => "hiện tại",
    };

    private static string Sliding(long seconds)
    {
        const long day = 86_400;
        const long hour = 3_600;
        return seconds % day == 0 && seconds > day ? $"trong {seconds / day} ngày gần nhất" : $"trong {seconds / hour} giờ gần nhất";
    }
}
