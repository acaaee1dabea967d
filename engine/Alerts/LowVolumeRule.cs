using KpiStream.Engine.Windowing;

namespace KpiStream.Engine.Alerts;

/// <summary>
/// The literal low-volume rule (the provincial letter of July 2025, footnote 2: units with "dưới 50 hồ sơ trên Hệ thống tính đến ngày
/// 15/7/2025"):
/// fewer than <see cref="FewerThan"/> cases from <see cref="Since"/> through <see cref="JudgedOn"/>, both days included.
/// <para>
/// "Tính đến ngày" counts the day itself, so the rule says nothing before that local day has ended: a commune with 49 cases at noon
/// may still have its fiftieth. From the end of that day on the verdict stands on the cases of those days alone. Cases accepted later do not
/// clear it, for the document judged that date; cases accepted in time that arrive late, or corrections, do.
/// </para>
/// <para>Without <see cref="JudgedOn"/> the count from <see cref="Since"/> to now is judged all the time, and clears once it is reached.</para>
/// </summary>
public sealed record LowVolumeRule : AlertRule
{
    /// <summary>Communes unless another scope is named: a department has as many cases as its matters bring, and the document counts communes.</summary>
    public LowVolumeRule() => (Scope, Grade) = (AlertScope.Communes, AlertGrade.Report);

    /// <summary>A count below this is low.</summary>
    public required long FewerThan { get; init; }

    /// <summary>The first local day counted.</summary>
    public required DateOnly Since { get; init; }

    /// <summary>The last local day counted; null judges continually.</summary>
    public DateOnly? JudgedOn { get; init; }

    public override AlertKind Kind => AlertKind.LowVolume;

    protected override string OwnId => $"low_volume:{Figure}:{Period.Name}";

    public override Period Period => JudgedOn is { } last
        ? new Period($"{Since:yyyy-MM-dd}..{last:yyyy-MM-dd}", PeriodKind.Range, From: Since, To: last)
        : new Period($"since:{Since:yyyy-MM-dd}", PeriodKind.Since, From: Since);

    public override (DateOnly From, DateOnly To)? ClosedDays(long now) =>
        JudgedOn is { } last && LocalTime.DayOf(now) > LocalTime.DayOf(last) ? (Since, last) : null;

    public override Judgement Judge(in AlertReading reading, long now)
    {
        if (!reading.HasData)
        {
            return Judgement.Missing;
        }

        var isDue = LocalTime.DayOf(now) > LocalTime.DayOf(JudgedOn ?? Since.AddDays(-1));
        return isDue && reading.Denominator < FewerThan ? Judgement.Met : Judgement.Clear;
    }
}
