using KpiStream.Engine.Alerts;

namespace KpiStream.Ingest.Host.Serving.Alerts.Delivery;

/// <summary>Writes a notification as a message in both languages, with a link to the board's view of why. Pure.</summary>
/// <param name="rulebook">The names of figures, and which have a view of why.</param>
/// <param name="units">The names of units.</param>
/// <param name="board">The address at which people reach this server; null where there is none to give.</param>
internal sealed class NotificationWriter(Rulebook rulebook, UnitDirectory units, Uri? board)
{
    /// <summary>Periods that the board shows.</summary>
    private static readonly string[] Shown = ["day", "month", "year", "30d"];

    private readonly VietnameseWords vi = new(rulebook, units);
    private readonly EnglishWords en = new(rulebook, units);

    /// <summary>A message about nothing, to try a receiver with.</summary>
    public DeliveryMessage Test(long now) => new()
    {
        Key = $"test:{now}",
        Number = 1,
        State = DeliveryState.Test,
        Grade = AlertGrade.Report,
        Kind = AlertKind.Source,
        Cause = "test",
        At = now,
        Since = now,
        Count = 0,
        Alerts = [],
        Vi = TestText(vi),
        En = TestText(en),
        Link = Link("screen=alerts"),
    };

    /// <summary>The message of a notification.</summary>
    /// <param name="told">What is told.</param>
    /// <param name="alerts">Of its alerts those that the receiver is told of, at least one.</param>
    public DeliveryMessage Write(AlertNotification told, IReadOnlyList<Alert> alerts)
    {
        var count = alerts.Count == told.Alerts.Count ? told.Count : alerts.Count;
        var isOver = told.State == AlertState.Resolved;
        var ended = isOver ? alerts.Max(static alert => alert.ResolvedAt) ?? told.At : (long?)null;
        return new DeliveryMessage
        {
            Key = told.Key,
            Number = told.Order,
            State = isOver ? DeliveryState.Resolved : alerts.All(static alert => alert.Acknowledged is not null) ? DeliveryState.Acknowledged
                : DeliveryState.Firing,
            Grade = alerts.Count == told.Alerts.Count ? told.Grade : alerts.Max(static alert => alert.Rule.Grade),
            Kind = alerts[0].Rule.Kind,
            Cause = told.Cause,
            At = told.At,
            Since = told.Since,
            EndedAt = ended,
            Count = count,
            Alerts = [.. alerts.Take(DeliveryMessage.MostAlerts).Select(Describe)],
            Vi = TextOf(vi, told, alerts, count, ended),
            En = TextOf(en, told, alerts, count, ended),
            Link = LinkTo(alerts, count),
        };
    }

    /// <summary>What ends what a receiver was told, when none of the alerts that still fire is its concern.</summary>
    public DeliveryMessage End(DeliveryMessage held, AlertNotification told)
    {
        return held with
        {
            Number = told.Order,
            State = DeliveryState.Resolved,
            At = told.At,
            EndedAt = told.At,
            Alerts = [.. held.Alerts.Select(static alert => alert with { State = DeliveryState.Resolved })],
            Vi = EndOf(vi, held.Vi),
            En = EndOf(en, held.En),
        };

        MessageText EndOf(AlertWords words, MessageText before)
        {
            var where = held is { Count: 1, Alerts: [var only, ..] } ? only.UnitName : words.Number(held.Kind, held.Count);
            return new MessageText(
                SubjectOf(words.Labels.Over, words.Title(held.Kind), where), $"{words.Labels.Over.ToUpperInvariant()}: {where}: {words.Title(held.Kind)}",
                [.. before.Facts.Take(2), .. TimesOf(words, held.Since, told.At)], [], words.Advice(held.Kind, isOver: true));
        }
    }

    private static MessageText TestText(AlertWords words) => new(words.Labels.Test, words.Labels.Test, [], [], [words.Labels.TestAdvice]);

    private static string SubjectOf(string prefix, string title, string where)
    {
        var (start, room) = ($"{prefix}: {title} – ", MessageText.LongestSubject);
        return start.Length + where.Length <= room ? start + where : $"{start}{where[..Math.Max(0, room - start.Length - 1)].TrimEnd()}…";
    }

    private static MessageText TextOf(AlertWords words, AlertNotification told, IReadOnlyList<Alert> alerts, int count, long? ended)
    {
        var (worst, labels, isGroup) = (alerts[0], words.Labels, count > 1);
        var (kind, isOver) = (worst.Rule.Kind, ended is not null);
        var prefix = isOver ? labels.Over : told.Reason == NotificationReason.Reminder ? labels.Reminder : words.Grade(told.Grade);
        var where = isGroup ? words.Number(kind, count) : words.Subject(worst);
        var line = isGroup ? $"{where}: {What(words, worst)}" : kind == AlertKind.Board ? words.Finding(worst)
            : $"{Named(words, worst)}: {words.Finding(worst)}";
        return new MessageText(
            SubjectOf(prefix, words.Title(kind), where), $"{prefix.ToUpperInvariant()}: {line}",
            [.. isGroup ? GroupFacts(words, told, worst, count) : SingleFacts(words, worst), .. TimesOf(words, told.Since, ended),
                .. NotesOf(words, told, worst)],
            isGroup ? [.. alerts.Take(DeliveryMessage.MostAlerts).Select(alert => $"{Named(words, alert)}: {words.Brief(alert)}"
                + (words.Sources(alert) is { } sources ? $"; {sources}" : ""))] : [],
            words.Advice(worst, isOver));
    }

    private static string What(AlertWords words, Alert alert) =>
        alert.Rule is not GrowthRule && alert.Rule.Figure.Length > 0 && words.FigureName(alert.Rule.Figure) is var figure && figure != alert.Rule.Figure
            ? $"{words.Title(alert.Rule.Kind)} ({figure})"
            : words.Title(alert.Rule.Kind);

    /// <summary>What it is about with its code, as one finds it in other systems.</summary>
    private static string Named(AlertWords words, Alert alert) => alert.Rule.Kind is AlertKind.Source or AlertKind.Board ? words.Subject(alert)
        : AlertWords.OneLine($"{words.UnitInFull(alert.Unit)} ({alert.Unit})");

    private static IEnumerable<MessageFact> GroupFacts(AlertWords words, AlertNotification told, Alert worst, int count)
    {
        var kind = worst.Rule.Kind;
        yield return new MessageFact(words.Labels.What, What(words, worst));
        yield return new MessageFact(words.Labels.Firing, told.Most > count && told.State != AlertState.Resolved
            ? string.Format(words.Labels.AtMost, words.Number(kind, count), words.Count(told.Most)) : words.Number(kind, count));
    }

    private static IEnumerable<MessageFact> SingleFacts(AlertWords words, Alert alert)
    {
        var (labels, evidence) = (words.Labels, alert.Evidence);
        yield return new MessageFact(labels.What, What(words, alert));
        yield return new MessageFact(
            alert.Rule.Kind switch { AlertKind.Source => labels.Source, AlertKind.Board => labels.Board, _ => labels.Unit },
            alert.Rule.Kind == AlertKind.Source ? AlertWords.OneLine(alert.Unit) : alert.Reading.Rule is SilentBoardRule board ? AlertWords.OneLine(board.Board)
                : Named(words, alert));
        if (alert.Rule.Kind is not (AlertKind.Source or AlertKind.Board or AlertKind.SelfCheck))
        {
            var (count, of, unobserved) = AlertWords.Counts(alert);
            yield return new MessageFact(labels.Counted, $"{(of is > 0 ? words.Brief(alert) : words.Cases(count))} {words.Span(alert)}"
                + (unobserved > 0 && of is not null ? $"; {string.Format(labels.Unobserved, words.Count(unobserved))}" : ""));
        }

        if (alert.Rule.Kind != AlertKind.SelfCheck && AlertWords.TargetOf(alert) is { } target)
        {
            yield return alert.Rule.Kind == AlertKind.LowVolume ? new MessageFact(labels.Least, words.Cases(target))
                : new MessageFact(labels.Target, words.Percent(target));
        }

        if (evidence?.Expected is { } expected)
        {
            var usual = Math.Round(expected, 1);
            yield return new MessageFact(labels.Expected, evidence.Of is > 0 and var cases
                ? $"{words.Percent(expected / cases)} ({words.Count(usual)}/{words.Count(cases)})" : words.Cases(usual));
        }

        if (evidence is { Low: { } low, High: { } high })
        {
            yield return evidence.Of is null
                ? new MessageFact(labels.UsualRange, string.Format(labels.Between, words.Count(low), words.Count(high)))
                : new MessageFact(labels.Interval, string.Format(labels.Between, words.Percent(low), words.Percent(high)));
        }

        if (words.Sources(alert) is { } sources)
        {
            yield return new MessageFact(labels.BySource, sources);
        }

        if (alert.State != AlertState.Resolved)
        {
            yield return new MessageFact(labels.Sureness, words.Sureness(alert));
        }
    }

    private static IEnumerable<MessageFact> TimesOf(AlertWords words, long since, long? ended)
    {
        yield return new MessageFact(words.Labels.Since, words.Instant(since));
        if (ended is { } end)
        {
            yield return new MessageFact(words.Labels.Ended, words.Instant(end));
            yield return new MessageFact(words.Labels.Lasted, words.Duration(Math.Max(0, end - since)));
        }
    }

    private static IEnumerable<MessageFact> NotesOf(AlertWords words, AlertNotification told, Alert worst)
    {
        if (told.Count == 1 && worst.IsMissing)
        {
            yield return new MessageFact(words.Labels.Note, words.Labels.Missing);
        }

        if (worst.State != AlertState.Resolved && worst.Evidence?.ExpectedDays is { Count: > 0 } days)
        {
            yield return new MessageFact(words.Labels.Note, words.Expected(days));
        }

        if (told.HeldBackSince is { } since)
        {
            yield return new MessageFact(words.Labels.Note, string.Format(words.Labels.HeldBack, words.Instant(since)));
        }
    }

    private DeliveredAlert Describe(Alert alert) => new()
    {
        Id = alert.Id,
        Rule = alert.Rule.Id,
        Figure = alert.Rule.Figure,
        FigureName = vi.FigureName(alert.Rule.Figure),
        Period = alert.Rule.Period.Name,
        Unit = alert.Unit,
        UnitName = vi.Subject(alert),
        State = alert.State == AlertState.Resolved ? DeliveryState.Resolved
            : alert.Acknowledged is not null ? DeliveryState.Acknowledged : DeliveryState.Firing,
        Grade = alert.Rule.Grade,
        PendingSince = alert.PendingSince,
        Since = alert.FiringSince ?? alert.PendingSince,
        Denominator = alert.Reading.Denominator,
        Numerator = alert.Reading.Numerator,
        Threshold = alert.Rule is LowVolumeRule low ? low.FewerThan : alert.Evidence?.Target ?? alert.Reading.Target,
        FindingVi = vi.Finding(alert),
        FindingEn = en.Finding(alert),
    };

    private string? LinkTo(IReadOnlyList<Alert> alerts, int count)
    {
        var alert = alerts[0];
        if (count > 1 || units.Find(alert.Unit) is null || alert.Rule.Kind is AlertKind.Source or AlertKind.Board)
        {
            return Link("screen=alerts");
        }

        // A rule that judges days judges those before today too; of a closed month the board has no period.
        var name = alert.Rule.Kind == AlertKind.OfficialBreach ? "" : alert.Rule.Period.Kind == PeriodKind.Day ? "30d" : alert.Rule.Period.Name;
        var period = Shown.Contains(name, StringComparer.Ordinal) ? $"&period={name}" : "";
        var unit = $"&unit={Uri.EscapeDataString(alert.Unit)}";
        return alert.Rule is not GrowthRule && rulebook.Figures.Any(figure => figure.Id == alert.Rule.Figure)
            ? Link($"screen=why&figure={alert.Rule.Figure}{unit}{period}") : Link($"screen=figures{unit}");
    }

    private string? Link(string query) => board is null ? null : $"{board.AbsoluteUri.TrimEnd('/')}/board?{query}";
}
