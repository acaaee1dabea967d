namespace KpiStream.Ingest.Tests.Sources.Configuration.Rules;

/// <summary>The shipped files against the agreed tables, written out a second time here.</summary>
public sealed class ShippedTests
{
    private static readonly string[] Expected =
    [
        "fully_online|Case|Handling|Ended|done|online,fee_settled(not fee_due/paid_national),result_given(result_electronic/not "
            + "result_needed),returned_remotely,no_presence|AtLeast 0.7 2025-01-01..2025-12-31",
        "fully_online_justice|Case|Handling|Ended|done,in:justice|online,fee_settled(not fee_due/paid_national),result_given(result_electronic/not "
            + "result_needed),returned_remotely,no_presence|AtLeast 0.7 2025-01-01..2025-12-31",
        "filed_online|Case|Receiving|Accepted|accepted|online|AtLeast 0.5 2024-01-01..2024-12-31",
        "filed_online_own|Case|Handling|Accepted|accepted|online|AtLeast 0.6 2023-01-01..2023-12-31",
        "taken_in|Case|Receiving|Filed||accepted_or_answered(accepted/refused/withdrawn)|AtLeast 1 2025-07-01..",
        "settled_first|Case|Handling|Ended|done,online,fee_due|paid_national|AtLeast 1 2025-01-01..",
        "online_payment|Case|Handling|Accepted|accepted,paid|paid_online|AtLeast 0.3 2023-01-01..2023-12-31",
        "national_payment|Case|Handling|Accepted|accepted,paid|paid_national|AtLeast 0.45 2024-01-01..2024-12-31",
        "electronic_result|Case|Handling|Ended|done,result_needed|result_electronic,signed|AtLeast 1 2024-01-01..",
        "stored_result|Case|Handling|Ended|done,result_needed|stored|AtLeast 1 2025-01-01..",
        "returned_remotely|Case|Handling|Ended|done|returned_remotely|",
        "digitised|Case|Handling|Ended|done|digitised,result_digital(result_electronic/result_digitised/not result_needed)|AtLeast 0.8 2024-01-01..2024-12-31",
        "reused|Case|Receiving|Accepted|accepted|reused|AtLeast 0.5 2024-01-01..2024-12-31",
        "synced|Case|Handling|Accepted|accepted|synced|AtLeast 1 2024-01-01..",
        "result_synced|Case|Handling|Ended|done,result_needed|result_synced|AtLeast 1 2024-01-01..",
        "on_time|Case|Handling|Ended|done|on_time|",
        "due_on_time|Case|Handling|Due|open_or_done(open/done)|on_time|",
        "same_day_copies|Case|Handling|Ended|done,certified_copy|same_day|AtLeast 1 2025-07-01..",
        "electronic_copies|Case|Handling|Ended|done,certified_copy|result_electronic,signed|AtLeast 1 2024-01-01..2024-12-31",
        "online_766|Case|Handling|Accepted|accepted|online,components_signed,result_given(result_electronic/not result_needed),signed|",
        "vneid|Case|Receiving|Accepted|accepted|vneid|",
        "non_boundary|Case|Receiving|Accepted|accepted|non_boundary|",
        "satisfied|Case|Handling|Ended|done,rated|satisfied|AtLeast 0.9 2024-01-01..",
        "feedback_on_time|Feedback|Receiving|Due||on_time|AtLeast 1 2024-01-01..",
        "published_on_time|Publication|Handling|Due||on_time|AtLeast 1 2024-01-01..",
        "arisen|Case|Receiving|Filed||-|NotBelow 50 2025-07-01..",
        "received|Case|Receiving|Accepted|accepted|-|",
        "handled|Case|Handling|Ended|done|-|",
        "linked_cases|Case|Handling|Accepted|accepted|-|",
    ];

    [Fact]
    public void ShippedRulebook_HoldsTheFiguresOfTheSpec()
    {
        Assert.Equal(Expected, Shipped.Rulebook().Figures.Select(Line));
    }

    [Fact]
    public void ShippedRulebook_HoldsTheSpecsDefaults()
    {
        var rulebook = Shipped.Rulebook();

        Assert.Equal(new DateOnly(2025, 7, 1), rulebook.RolloutDate);
        Assert.Equal(OnTimeBy.Day, rulebook.OnTimeBy);
        Assert.Equal(["2.000815"], rulebook.CertifiedCopyProcedures);
        Assert.Empty(rulebook.Waivers);
        Assert.Equal(64, rulebook.Hash.Length);
        Assert.All(rulebook.Figures, figure =>
        {
            Assert.Equal(20, figure.TooFew);
            Assert.NotEqual(figure.NameVi, figure.NameEn);
            Assert.Equal(figure.Id == "linked_cases" ? LinkedCases.Only : LinkedCases.Exclude, figure.Linked);
            Assert.Equal(figure.Id != "due_on_time", figure.IsExported);
            Assert.EndsWith(".", figure.Sentence);

            // A leader reads these: who decided it, or that nobody did.
            Assert.DoesNotContain("seed", figure.Basis, StringComparison.OrdinalIgnoreCase);
            Assert.Matches("^(Quyết định|Công văn) (số|của) |^Số đếm phục vụ theo dõi", figure.Basis);
            Assert.Equal(figure.Linked == LinkedCases.Exclude,
                figure.Basis.Contains("Không tính hồ sơ phát sinh từ thủ tục liên thông"));
        });
        Assert.Equal(("vn-2026", "2.1"), (rulebook.Id, rulebook.Version));
        Assert.Equal(["2.000815", "1.001193", "1.000894", "1.000656", "1.004884"], Assert.Single(rulebook.Lists).Procedures);
    }

    [Theory]
    [InlineData("hungyen", 104)]
    [InlineData("sonla", 75)]
    [InlineData("vn", 3_321)]
    public void ShippedDirectory_HoldsItsCommunes(string name, int communes)
    {
        var directory = Shipped.Units(name);

        Assert.Equal(communes, directory.Rows.Count(row => directory.IsShownAtZero(row) && row.IsCommune));
        Assert.Matches($"^units-{name}\\.csv@[0-9a-f]{{12}}$", directory.Version);
    }

    private static string Line(FigureDefinition figure) =>
        string.Join('|', figure.Id, figure.Kind, figure.Unit, figure.Time, Items(figure.Of), figure.Count is { } count ? Items(count) : "-",
            string.Join(',', figure.Targets.Select(target => $"{target.Comparison} {target.Value} {target.From:yyyy-MM-dd}..{target.To:yyyy-MM-dd}")));

    private static string Items(IReadOnlyList<RuleItem> items) => string.Join(',', items.Select(item =>
        item.AnyOf.Count == 1 && item.Name == LiteralText(item.AnyOf[0]) ? item.Name : $"{item.Name}({string.Join('/', item.AnyOf.Select(LiteralText))})"));

    private static string LiteralText(Literal literal) => (literal.Negated ? "not " : "") + Shipped.Rulebook().NameOf(literal.Condition);
}
