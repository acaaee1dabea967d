using KpiStream.Engine.Alerts;

namespace KpiStream.Ingest.Host.Serving.Alerts.Delivery;

/// <summary>Messages that an earlier version had kept in <c>alerts.json</c> for its webhook, in today's form.</summary>
internal static class OlderMessage
{
    public static DeliveryMessage Of(AlertMessage older)
    {
        var isOver = older.State == "resolved";
        var state = isOver ? DeliveryState.Resolved : DeliveryState.Firing;
        var grade = older.Severity == "critical" ? AlertGrade.Critical : AlertGrade.Alarm;
        var since = MillisOf(older.FiringSince ?? older.PendingSince);
        var subject = AlertWords.OneLine(older.Text);
        subject = subject.Length <= MessageText.LongestSubject ? subject : $"{subject[..(MessageText.LongestSubject - 1)]}…";
        var text = new MessageText(subject, AlertWords.OneLine(older.Text), [], [], []);
        return new DeliveryMessage
        {
            Key = older.Id,
            Number = isOver ? 2 : 1,
            State = state,
            Grade = grade,
            Kind = KindOf(older.Rule),
            Cause = older.Rule,
            At = MillisOf(older.At),
            Since = since,
            EndedAt = isOver ? MillisOf(older.ResolvedAt ?? older.At) : null,
            Count = 1,
            Alerts =
            [
                new DeliveredAlert
                {
                    Id = older.Id,
                    Rule = older.Rule,
                    Figure = older.Figure,
                    FigureName = older.FigureName,
                    Period = older.Period,
                    Unit = older.Unit,
                    UnitName = older.UnitName,
                    State = state,
                    Grade = grade,
                    PendingSince = MillisOf(older.PendingSince),
                    Since = since,
                    Denominator = older.Denominator,
                    Numerator = older.Numerator,
                    Threshold = older.Threshold,
                    FindingVi = text.Line,
                    FindingEn = text.Line,
                },
            ],
            Vi = text,
            En = text,
        };
    }

    private static AlertKind KindOf(string rule) => rule.Split(':')[0] switch
    {
        "low_volume" => AlertKind.LowVolume,
        "self_check" => AlertKind.SelfCheck,
        "below_target" => AlertKind.Ratio,
        _ => AlertKind.Board,
    };

    private static long MillisOf(string instant) => InstantText.TryParse(Encoding.UTF8.GetBytes(instant), out var millis) ? millis : 0;
}
