using KpiStream.Engine.Cases;
using KpiStream.Engine.Kpis;
using KpiStream.Engine.Units;

namespace KpiStream.Engine.Boards;

/// <summary>
/// Writes a case's sheet from what a shard holds of it. Units, instants and lanes are asked of the parts that count the figures, so the sheet
/// cannot say anything else than they count; only why a case stands outside of a figure is worked out here. Owned by the caller.
/// </summary>
public sealed class CaseSheetReader(CodeBook codes, CompiledRulebook rules, UnitDirectory directory, UnitSuccessors successors, ProcedureCatalogue catalogue)
{
    private readonly ContributionReader contributions = new(rules, successors);

    /// <summary>The sheet of a case.</summary>
    /// <param name="record">What is held.</param>
    /// <param name="stamps">The registers' own stamps by <see cref="CaseKey"/>.</param>
    /// <param name="nowMillis">Milliseconds since 1970 UTC.</param>
    public CaseSheet Read(in CaseRecord record, in CaseFacts facts, ReadOnlySpan<Stamp> stamps, long nowMillis)
    {
        var today = LocalTime.DayOf(nowMillis);
        var known = facts;
        return new CaseSheet(
            record.Id.ToString(), InstantText.ToLocalMillis(nowMillis), ReadRegisters(in record, stamps), ReadTimes(in record, in facts),
            UnitOf(facts.Handling, today), UnitOf(facts.Receiving, today),
            [.. Enumerable.Range(0, (int)Condition.FirstList + rules.Rulebook.Lists.Count).Select(static bit => (Condition)bit)
                .Where(condition => known.Has(condition)).Select(rules.Rulebook.NameOf)],
            [.. rules.Figures.Select(figure => ReadFigure(figure, in known))])
        {
            ExpectedDays = ExpectedDays(facts.AcceptedAt, facts.EndedAt) is { Count: > 0 } days ? days : null,
        };
    }

    /// <summary>What was accepted at 15:00 or later and ended on a later day may have ended until the next working day: all days up to that matter.</summary>
    private List<CaseSheetDay> ExpectedDays(long acceptedAt, long endedAt)
    {
        var (accepted, calendar) = (LocalTime.DayOf(acceptedAt), rules.Rulebook.Calendar);
        return acceptedAt == 0 || endedAt == 0 || LocalTime.DayOf(endedAt) <= accepted || !CaseFactsReader.MayEndNextDay(acceptedAt, accepted) ? []
            : [.. calendar.ExpectedWithin(accepted + 1, calendar.NextWorkingDay(accepted))
                .Select(static day => new CaseSheetDay(day.Date, day.IsWorked, day.Name))];
    }

    private List<CaseSheetRegister> ReadRegisters(in CaseRecord record, ReadOnlySpan<Stamp> stamps)
    {
        var registers = new List<CaseSheetRegister>();
        for (var key = CaseKey.Source; key <= CaseKeys.Last; key++)
        {
            if ((record.Stated & (1u << (int)key)) != 0)
            {
                var stamp = stamps[(int)key];
                var value = ValueOf(key, in record.Values);
                registers.Add(new CaseSheetRegister(CaseKeys.NameOf(key), value, InstantText.ToLocalMillis(stamp.At), stamp.Seq)
                {
                    Name = key == CaseKey.Procedure && value is not null ? catalogue.Find(value)?.Name : null,
                });
            }
        }

        return registers;
    }

    private string? ValueOf(CaseKey key, in Registers values) => key switch
    {
        CaseKey.Filed or CaseKey.Accepted or CaseKey.Due or CaseKey.Ended => values.InstantOf(key) is not 0 and var instant
            ? InstantText.ToLocalMillis(instant) : null,
        CaseKey.Fee => values.FeePlusOne == 0 ? null : (values.FeePlusOne - 1).ToString(),
        CaseKey.Parent => values.Parent == default ? null : values.Parent.ToString(),
        _ => codes.TableOf(key) is { } table ? TextOf(table, values.CodeOf(key)) : PackedOf(key, values.PackedValue(key)),
    };

    private static string? PackedOf(CaseKey key, int packed) => packed == 0 ? null
        : key == CaseKey.Status ? packed.ToString()
        : Words.Of(key) is { } words ? words.List[packed - 1]
        : packed == WordLayout.True ? "true" : "false";

    private static string? TextOf(CodeTable table, int id) => id == 0 ? null : table.Text(id);

    private static Dictionary<string, string> ReadTimes(in CaseRecord record, in CaseFacts facts)
    {
        (string Name, long At)[] times =
        [
            ("filed_at", facts.FiledAt), ("accepted_at", facts.AcceptedAt), ("ended_at", facts.EndedAt),
            ("first_accepted", record.First.Accepted), ("first_3", record.First.Refused), ("first_7", record.First.Withdrawn),
            ("first_8", record.First.Stopped), ("first_9", record.First.ResultReady), ("first_10", record.First.ResultReturned),
        ];
        return times.Where(time => time.At != 0).ToDictionary(time => time.Name, time => InstantText.ToLocalMillis(time.At));
    }

    private CaseSheetUnit UnitOf(int unit, int today)
    {
        var code = codes.Units.Text(successors.Resolve(unit, today));
        return new CaseSheetUnit(codes.Units.Text(unit), code, directory.Find(code)?.Name);
    }

    private CaseSheetFigure ReadFigure(CompiledFigure figure, in CaseFacts facts)
    {
        var definition = figure.Definition;
        var placed = contributions.TryRead(CompiledRulebook.GroupOf(definition), in facts, out var contribution);
        var lane = placed ? figure.LaneOf(facts.Conditions, facts.Unknown) : -1;
        var counts = lane >= 0;
        var (missing, isUnobserved) = counts ? figure.MissingOf(lane - figure.FirstLane) : (0, false);
        var items = definition.Count ?? [];
        List<string> lacking = [.. items.Where((_, item) => (missing & (1 << item)) != 0).Select(item => item.Name)];
        var unknown = facts.Unknown;
        return new CaseSheetFigure(
            definition.Id, definition.NameVi, definition.NameEn, counts, counts && !definition.IsVolume && !isUnobserved ? missing == 0 : null,
            counts ? codes.Units.Text(contribution.Unit) : null, counts ? InstantText.ToLocalMillis(facts.TimeOf(definition.Time)) : null, lacking,
            [.. items.Where(item => lacking.Contains(item.Name) && item.AnyOf.Any(literal => (unknown & (1UL << (int)literal.Condition)) != 0))
                .Select(item => item.Name)],
            counts ? [] : Outside(definition, facts, placed));
    }

    private static List<string> Outside(FigureDefinition definition, CaseFacts facts, bool placed)
    {
        var why = new List<string>();
        if (!facts.Has(Condition.KindCase + (int)definition.Kind))
        {
            why.Add(Conditions.NameOf(Condition.KindCase + (int)definition.Kind));
        }

        if (definition.Linked != LinkedCases.Include && facts.Has(Condition.Linked) != (definition.Linked == LinkedCases.Only))
        {
            why.Add(definition.Linked == LinkedCases.Only ? "linked" : "not linked");
        }

        why.AddRange(definition.Of.Where(item => !item.AnyOf.Any(literal => facts.Has(literal.Condition) != literal.Negated)).Select(item => item.Name));
        if (!placed)
        {
            why.Add("no " + definition.Time.ToString().ToLowerInvariant());
        }

        return why;
    }
}
