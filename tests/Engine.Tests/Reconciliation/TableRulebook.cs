using KpiStream.Engine.Kpis;
using Xunit;

namespace KpiStream.Engine.Tests.Reconciliation;

/// <summary>The table of spec section 4, as it stands on the page.</summary>
internal static class TableRulebook
{
    private const string Table = """
        fully_online|handling|ended|done|online, not fee_due or paid_national, result_electronic or not result_needed, returned_remotely, no_presence
        filed_online|receiving|accepted|accepted|online
        online_payment|handling|accepted|accepted, fee_due, paid|paid_online
        national_payment|handling|accepted|accepted, fee_due, paid|paid_national
        electronic_result|handling|ended|done, result_needed|result_electronic, signed
        digitised|handling|ended|done|digitised
        reused|receiving|accepted|accepted|reused
        synced|handling|accepted|accepted|synced
        on_time|handling|ended|done|on_time
        same_day_copies|handling|ended|done, certified_copy|same_day
        electronic_copies|handling|ended|done, certified_copy|result_electronic, signed
        online_766|handling|accepted|accepted|online, result_electronic or not result_needed, signed
        vneid|receiving|accepted|accepted|vneid
        satisfied|handling|ended|done, rated|satisfied
        feedback_on_time|receiving|ended|done|on_time
        published_on_time|handling|ended|done|on_time
        received|receiving|accepted|accepted|
        handled|handling|ended|done|
        """;

    public static Rulebook Create() => new()
    {
        Id = "table",
        Version = "1",
        RolloutDate = new DateOnly(2025, 7, 1),
        OnTimeBy = OnTimeBy.Day,
        CertifiedCopyProcedures = ["2.000815"],
        Waivers = [],
        Hash = "",
        Figures = [.. Table.Split('\n').Select(Row)],
    };

    private static FigureDefinition Row(string line)
    {
        var cells = line.Trim('\r').Split('|');
        return new FigureDefinition
        {
            Id = cells[0],
            Version = 1,
            NameVi = cells[0],
            NameEn = cells[0],
            Basis = "",
            Kind = cells[0] switch { "feedback_on_time" => CaseKind.Feedback, "published_on_time" => CaseKind.Publication, _ => CaseKind.Case },
            Unit = Enum.Parse<UnitRole>(cells[1], ignoreCase: true),
            Time = Enum.Parse<TimeRole>(cells[2], ignoreCase: true),
            Of = Items(cells[3]),
            Count = cells[4].Length == 0 ? null : Items(cells[4]),
            Targets = [],
            TooFew = 20,
        };
    }

    private static List<RuleItem> Items(string text) => [.. text.Split(", ").Select(item => new RuleItem(item, [.. item.Split(" or ").Select(LiteralOf)]))];

    private static Literal LiteralOf(string text)
    {
        var negated = text.StartsWith("not ", StringComparison.Ordinal);
        Assert.True(Conditions.TryFind(negated ? text[4..] : text, out var condition), text);
        return new Literal(condition, negated);
    }
}
