using KpiStream.Engine.Kpis;

namespace KpiStream.Engine.Reconciliation;

/// <summary>
/// The conditions that rules may name, each worked out from the facts when it is asked for: two-valued, and three-valued with null for unknown.
/// </summary>
internal sealed class NaiveConditions(NaiveFacts facts, Rulebook rulebook, CodeBook codes, NaiveUnits units)
{
    private const int LateHour = 15;

    /// <summary>The condition as <c>of</c> reads it: an unobserved fact is like one that was cleared.</summary>
    public bool Holds(Condition condition) => condition switch
    {
        Condition.Done => facts.Status is CaseStatus.ResultReady or CaseStatus.ResultReturned,
        Condition.ReturnedResult => facts.Status == CaseStatus.ResultReturned,
        Condition.Refused => facts.Status == CaseStatus.Refused,
        Condition.Withdrawn => facts.Status == CaseStatus.Withdrawn,
        Condition.Stopped => facts.Status == CaseStatus.Stopped,
        Condition.Accepted => facts.AcceptedAt is not null,
        Condition.Open => facts.AcceptedAt is not null
            && facts.Status is CaseStatus.Accepted or CaseStatus.Processing or CaseStatus.AwaitingPapers or CaseStatus.AwaitingPayment,
        Condition.Paused => facts.Status is CaseStatus.AwaitingPapers or CaseStatus.AwaitingPayment,
        Condition.Waiting => facts.Status == CaseStatus.Filed,
        Condition.Online => Channel == "online",
        Condition.ByPost => Channel == "post",
        Condition.AtCounter => Channel == "counter",
        Condition.FeeDue => facts.Fee > 0 && !IsWaived(),
        Condition.Paid => facts.Word(CaseKey.PaidVia) is not (null or "none"),
        Condition.PaidNational => facts.Word(CaseKey.PaidVia) == "national",
        Condition.PaidOnline => facts.Word(CaseKey.PaidVia) is "national" or "local",
        Condition.ResultElectronic => facts.Word(CaseKey.Result) == "electronic",
        Condition.ResultPaper => facts.Word(CaseKey.Result) == "paper",
        Condition.ResultNeeded => facts.Word(CaseKey.Result) != "not_required",
        Condition.ReturnedRemotely => facts.Word(CaseKey.Returned) is "online" or "post",
        Condition.NoPresence => facts.Word(CaseKey.Presence) is null or "none",
        Condition.Rated => facts.Flag(CaseKey.Satisfied) is not null,
        Condition.Satisfied => facts.Flag(CaseKey.Satisfied) == true,
        Condition.Linked => facts.Parent is not null,
        Condition.CertifiedCopy => IsOneOf(rulebook.CertifiedCopyProcedures),
        Condition.OnTime => IsOnTime(),
        Condition.SameDay => IsSameDay(),
        Condition.HasDue => facts.Number(CaseKey.Due) is not null,
        Condition.NonBoundary => IsNonBoundary(),
        Condition.KindCase => Kind == "case",
        Condition.KindFeedback => Kind == "feedback",
        Condition.KindPublication => Kind == "publication",
        >= Condition.FirstList => IsOn(rulebook.Lists[condition - Condition.FirstList]),
        _ => FlagOf(condition) is { } flag ? facts.Flag(flag) == true
            : throw new ArgumentOutOfRangeException(nameof(condition), condition, "The recount does not know this condition."),
    };

    /// <summary>An item of <c>of</c> is met when any of its literals holds.</summary>
    public bool Meets(RuleItem item) => item.AnyOf.Any(literal => Holds(literal.Condition) != literal.Negated);

    /// <summary>An item of <c>count</c>: true when one literal is, else unknown when one is.</summary>
    public bool? Judge(RuleItem item)
    {
        var values = item.AnyOf.Select(literal => IsUnknown(literal.Condition) ? (bool?)null : Holds(literal.Condition) != literal.Negated).ToList();
        return values.Contains(true) ? true : values.Contains(null) ? null : false;
    }

    /// <summary>The all-of of <c>count</c>: false when one item is, else unknown when one is.</summary>
    public bool? JudgeAll(IReadOnlyList<RuleItem> items)
    {
        var values = items.Select(Judge).ToList();
        return values.Contains(false) ? false : values.Contains(null) ? null : true;
    }

    /// <summary>True when the condition rests on a register that no event of the case has stated.</summary>
    private bool IsUnknown(Condition condition) => condition switch
    {
        Condition.FeeDue => !facts.IsObserved(CaseKey.Fee) && !IsWaived(),
        Condition.OnTime => !facts.IsObserved(CaseKey.Due) && facts.EndedAt is not null,
        _ => RestsOn(condition) is { } key && !facts.IsObserved(key),
    };

    private static CaseKey? RestsOn(Condition condition) => condition switch
    {
        Condition.Online or Condition.ByPost or Condition.AtCounter => CaseKey.Channel,
        Condition.Paid or Condition.PaidNational or Condition.PaidOnline => CaseKey.PaidVia,
        Condition.ResultElectronic or Condition.ResultPaper or Condition.ResultNeeded => CaseKey.Result,
        Condition.ReturnedRemotely => CaseKey.Returned,
        Condition.NoPresence => CaseKey.Presence,
        _ => FlagOf(condition),
    };

    /// <summary>The flag that is the condition; <c>satisfied</c> is never unknown and therefore not among them.</summary>
    private static CaseKey? FlagOf(Condition condition) => condition switch
    {
        Condition.Signed => CaseKey.Signed,
        Condition.ComponentsSigned => CaseKey.ComponentsSigned,
        Condition.ResultDigitised => CaseKey.ResultDigitised,
        Condition.Stored => CaseKey.Stored,
        Condition.ResultSynced => CaseKey.ResultSynced,
        Condition.Digitised => CaseKey.Digitised,
        Condition.Reused => CaseKey.Reused,
        Condition.VNeId => CaseKey.VNeId,
        Condition.Synced => CaseKey.Synced,
        _ => null,
    };

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

        return rulebook.OnTimeBy == OnTimeBy.Instant ? ended <= due : Day(ended) <= Day(due);
    }

    /// <summary>Within the day; what was taken in from 15:00 on may be given by the end of the next working day.</summary>
    private bool IsSameDay()
    {
        if (facts.EndedAt is not { } ended || facts.AcceptedAt is not { } accepted)
        {
            return false;
        }

        var first = Day(accepted);
        if (Day(ended) == first)
        {
            return true;
        }

        var isLate = accepted - LocalTime.StartOfDay(LocalTime.DayOf(accepted)) >= LateHour * 3_600_000L;
        var last = first.AddDays(1);
        while (!IsWorked(last))
        {
            last = last.AddDays(1);
        }

        return isLate && Day(ended) > first && Day(ended) <= last;
    }

    private bool IsWorked(DateOnly day)
    {
        var listed = rulebook.Calendar.Days.Where(one => one.Date == day).ToList();
        return listed.Any(one => one.IsWorked) || (listed.Count == 0 && day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday));
    }

    private bool IsNonBoundary()
    {
        if (facts.AcceptedAt is not { } accepted || facts.Number(CaseKey.Receiving) is not { } receiving || facts.Number(CaseKey.Handling) is not { } handling)
        {
            return false;
        }

        var here = units.OnDay(codes.Units.Text((int)receiving), accepted);
        var there = units.OnDay(codes.Units.Text((int)handling), accepted);
        return here != there && units.IsCommune(here) && units.IsCommune(there);
    }

    private bool IsWaived() => facts.Flag(CaseKey.Waived) == true || rulebook.Waivers.Any(HoldsHere);

    /// <summary>A waiver holds on the local day of acceptance; a case that was never accepted has none.</summary>
    private bool HoldsHere(FeeWaiver waiver)
    {
        if (facts.AcceptedAt is not { } accepted)
        {
            return false;
        }

        var isOfCase = waiver.Procedure is { } procedure ? IsOneOf([procedure]) : Holds(waiver.List!.Value);
        var isInForce = (waiver.From ?? DateOnly.MinValue) <= Day(accepted) && Day(accepted) <= (waiver.To ?? DateOnly.MaxValue);
        var isOfChannel = waiver.Channel is not { } channel || Holds(channel);
        var isOfUnit = waiver.Units.Count == 0 || units.CountedUnder(units.OnDay(HandlingUnit, accepted), rollup: true).Intersect(waiver.Units).Any();
        return isOfCase && isInForce && isOfChannel && isOfUnit;
    }

    private string HandlingUnit => facts.UnitOf(UnitRole.Handling, codes);

    private bool IsOn(ProcedureList list) =>
        IsOneOf(list.Procedures) || (facts.Number(CaseKey.Field) is { } field && list.Fields.Contains(codes.Fields.Text((int)field)));

    /// <summary>Each listed code means itself and what follows it after a dot.</summary>
    private bool IsOneOf(IReadOnlyList<string> listed)
    {
        if (facts.Number(CaseKey.Procedure) is not { } id)
        {
            return false;
        }

        var procedure = codes.Procedures.Text((int)id);
        return listed.Any(one => procedure == one || procedure.StartsWith(one + "."));
    }

    private static DateOnly Day(long millis) => LocalTime.DateOf(LocalTime.DayOf(millis));
}
