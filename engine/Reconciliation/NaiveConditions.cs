using KpiStream.Engine.Events;
using KpiStream.Engine.Kpis;
using KpiStream.Engine.Time;

namespace KpiStream.Engine.Reconciliation;

/// <summary>The conditions of spec section 3, each worked out from the facts when it is asked for, two-valued and three-valued.</summary>
internal sealed class NaiveConditions(NaiveFacts facts, Rulebook rulebook, CodeBook codes, NaiveUnits units)
{
    public bool Holds(Condition condition) => condition switch
    {
        Condition.Done => facts.Status is 9 or 10,
        Condition.ReturnedResult => facts.Status == 10,
        Condition.Refused => facts.Status == 3,
        Condition.Withdrawn => facts.Status == 7,
        Condition.Stopped => facts.Status == 8,
        Condition.Accepted => facts.AcceptedAt is not null,
        Condition.Open => facts.AcceptedAt is not null && facts.Status is 2 or 4 or 5 or 6,
        Condition.Paused => facts.Status is 5 or 6,
        Condition.Waiting => facts.Status == 1,
        Condition.Online => Channel == "online",
        Condition.ByPost => Channel == "post",
        Condition.AtCounter => Channel == "counter",
        Condition.FeeDue => facts.Fee > 0 && facts.Flag(CaseKey.Waived) != true && !IsOnWaiverList(),
        Condition.Paid => facts.Word(CaseKey.PaidVia) is not (null or "none"),
        Condition.PaidNational => facts.Word(CaseKey.PaidVia) == "national",
        Condition.PaidOnline => facts.Word(CaseKey.PaidVia) is "national" or "local",
        Condition.ResultElectronic => facts.Word(CaseKey.Result) == "electronic",
        Condition.ResultPaper => facts.Word(CaseKey.Result) == "paper",
        Condition.ResultNeeded => facts.Word(CaseKey.Result) != "not_required",
        Condition.Signed => facts.Flag(CaseKey.Signed) == true,
        Condition.ReturnedRemotely => facts.Word(CaseKey.Returned) is "online" or "post",
        Condition.NoPresence => facts.Word(CaseKey.Presence) is null or "none",
        Condition.Digitised => facts.Flag(CaseKey.Digitised) == true,
        Condition.Reused => facts.Flag(CaseKey.Reused) == true,
        Condition.VNeId => facts.Flag(CaseKey.VNeId) == true,
        Condition.Synced => facts.Flag(CaseKey.Synced) == true,
        Condition.Rated => facts.Flag(CaseKey.Satisfied) is not null,
        Condition.Satisfied => facts.Flag(CaseKey.Satisfied) == true,
        Condition.Linked => facts.Parent is not null,
        Condition.CertifiedCopy => rulebook.CertifiedCopyProcedures.Any(IsProcedure),
        Condition.OnTime => IsOnTime(),
        Condition.SameDay => IsSameDay(),
        Condition.NonBoundary => IsNonBoundary(),
        Condition.ComponentsSigned => facts.Flag(CaseKey.ComponentsSigned) == true,
        Condition.ResultDigitised => facts.Flag(CaseKey.ResultDigitised) == true,
        Condition.Stored => facts.Flag(CaseKey.Stored) == true,
        Condition.ResultSynced => facts.Flag(CaseKey.ResultSynced) == true,
        Condition.HasDue => facts.Number(CaseKey.Due) is not null,
        Condition.KindCase => Kind == "case",
        Condition.KindFeedback => Kind == "feedback",
        Condition.KindPublication => Kind == "publication",
        >= Condition.FirstList => IsOn(rulebook.Lists[condition - Condition.FirstList]),
        _ => throw new ArgumentOutOfRangeException(nameof(condition), condition, "The recount does not know this condition."),
    };

    /// <summary>An item is met when any of its literals holds.</summary>
    public bool Meets(RuleItem item) => item.AnyOf.Any(literal => Holds(literal.Condition) != literal.Negated);

    /// <summary>The truth of an item, null for unknown: true when a literal is true, else unknown when one is unknown.</summary>
    public bool? TruthOf(RuleItem item)
    {
        var isOpen = false;
        foreach (var literal in item.AnyOf)
        {
            if (IsUnknown(literal.Condition))
            {
                isOpen = true;
            }
            else if (Holds(literal.Condition) != literal.Negated)
            {
                return true;
            }
        }

        return isOpen ? null : false;
    }

    /// <summary>True when the register a condition rests on was never stated, not even as null (spec section 3, "Three values").</summary>
    private bool IsUnknown(Condition condition) => condition switch
    {
        Condition.Online or Condition.ByPost or Condition.AtCounter => IsUnobserved(CaseKey.Channel),
        Condition.FeeDue => IsUnobserved(CaseKey.Fee) && facts.Flag(CaseKey.Waived) != true && !IsOnWaiverList(),
        Condition.Paid or Condition.PaidNational or Condition.PaidOnline => IsUnobserved(CaseKey.PaidVia),
        Condition.ResultElectronic or Condition.ResultPaper or Condition.ResultNeeded => IsUnobserved(CaseKey.Result),
        Condition.ReturnedRemotely => IsUnobserved(CaseKey.Returned),
        Condition.NoPresence => IsUnobserved(CaseKey.Presence),
        Condition.OnTime => IsUnobserved(CaseKey.Due) && facts.EndedAt is not null,
        Condition.Signed => IsUnobserved(CaseKey.Signed),
        Condition.ComponentsSigned => IsUnobserved(CaseKey.ComponentsSigned),
        Condition.ResultDigitised => IsUnobserved(CaseKey.ResultDigitised),
        Condition.Stored => IsUnobserved(CaseKey.Stored),
        Condition.ResultSynced => IsUnobserved(CaseKey.ResultSynced),
        Condition.Digitised => IsUnobserved(CaseKey.Digitised),
        Condition.Reused => IsUnobserved(CaseKey.Reused),
        Condition.VNeId => IsUnobserved(CaseKey.VNeId),
        Condition.Synced => IsUnobserved(CaseKey.Synced),
        _ => false,
    };

    private bool IsUnobserved(CaseKey key) => !facts.IsStated(key);

    private string Channel => facts.Word(CaseKey.Channel) ?? "counter";

    private string Kind => facts.Word(CaseKey.Kind) ?? "case";

    private bool IsOnTime()
    {
        if (facts.EndedAt is not { } ended)
        {
            return false;
        }

        if (facts.Number(CaseKey.Due) is not { } due)
        {
            return true;
        }

        return rulebook.OnTimeBy == OnTimeBy.Instant ? ended <= due : LocalTime.DayOf(ended) <= LocalTime.DayOf(due);
    }

    /// <summary>Ended on the day of acceptance; accepted at 15:00 or later, until the first working day after it.</summary>
    private bool IsSameDay()
    {
        if (facts.EndedAt is not { } ended || facts.AcceptedAt is not { } accepted)
        {
            return false;
        }

        var (from, to) = (LocalTime.DateOf(LocalTime.DayOf(accepted)), LocalTime.DateOf(LocalTime.DayOf(ended)));
        var hour = DateTimeOffset.FromUnixTimeMilliseconds(accepted).ToOffset(TimeSpan.FromHours(7)).Hour;
        return from == to || (hour >= 15 && to > from && to <= NextWorkingDay(from));
    }

    private DateOnly NextWorkingDay(DateOnly day)
    {
        do
        {
            day = day.AddDays(1);
        }
        while (!IsWorkingDay(day));
        return day;
    }

    private bool IsWorkingDay(DateOnly day) =>
        rulebook.Calendar.Days.Contains(new CalendarDay(day, IsWorked: true))
        || (day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && !rulebook.Calendar.Days.Contains(new CalendarDay(day, IsWorked: false)));

    private bool IsNonBoundary()
    {
        if (facts.AcceptedAt is not { } accepted || facts.Number(CaseKey.Receiving) is not { } receiving || facts.Number(CaseKey.Handling) is not { } handling)
        {
            return false;
        }

        var first = units.OnDay(codes.Units.Text((int)receiving), accepted);
        var second = units.OnDay(codes.Units.Text((int)handling), accepted);
        return first != second && units.IsCommune(first) && units.IsCommune(second);
    }

    private bool IsOn(ProcedureList list) =>
        list.Procedures.Any(IsProcedure) || (facts.Number(CaseKey.Field) is { } id && list.Fields.Contains(codes.Fields.Text((int)id)));

    /// <summary>A waiver holds on the local day of acceptance; a case that was never accepted has none.</summary>
    private bool IsOnWaiverList()
    {
        if (facts.AcceptedAt is not { } accepted)
        {
            return false;
        }

        var day = LocalTime.DateOf(LocalTime.DayOf(accepted));
        return rulebook.Waivers.Any(waiver =>
            (waiver.Procedure is { } procedure ? IsProcedure(procedure) : Holds(waiver.List!.Value))
            && (waiver.From is not { } from || from <= day) && (waiver.To is not { } to || day <= to)
            && (waiver.Channel is not { } channel || Holds(channel))
            && (waiver.Units.Count == 0 || units.CountedUnder(HandlingOn(accepted), rollup: true).Any(waiver.Units.Contains)));
    }

    private string HandlingOn(long millis)
    {
        var unit = facts.Number(CaseKey.Handling) ?? facts.Number(CaseKey.Receiving);
        return units.OnDay(unit is { } id ? codes.Units.Text((int)id) : "?", millis);
    }

    /// <summary>The whole code, or the code followed by a dot and more.</summary>
    private bool IsProcedure(string listed)
    {
        if (facts.Number(CaseKey.Procedure) is not { } id)
        {
            return false;
        }

        var procedure = codes.Procedures.Text((int)id);
        return procedure == listed || procedure.StartsWith(listed + ".", StringComparison.Ordinal);
    }
}
