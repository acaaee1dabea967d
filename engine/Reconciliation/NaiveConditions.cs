using KpiStream.Engine.Events;
using KpiStream.Engine.Kpis;
using KpiStream.Engine.Time;

namespace KpiStream.Engine.Reconciliation;

/// <summary>The conditions of spec section 3, each worked out from the facts when it is asked for.</summary>
internal sealed class NaiveConditions(NaiveFacts facts, Rulebook rulebook, CodeBook codes)
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
        Condition.CertifiedCopy => rulebook.CertifiedCopyProcedures.Any(listed => IsProcedure(listed)),
        Condition.OnTime => IsOnTime(),
        Condition.SameDay => facts.EndedAt is { } ended && facts.AcceptedAt is { } accepted && LocalTime.DayOf(ended) == LocalTime.DayOf(accepted),
        Condition.HasDue => facts.Number(CaseKey.Due) is not null,
        Condition.KindCase => Kind == "case",
        Condition.KindFeedback => Kind == "feedback",
        Condition.KindPublication => Kind == "publication",
        _ => throw new ArgumentOutOfRangeException(nameof(condition), condition, "The recount does not know this condition."),
    };

    /// <summary>An item is met when any of its literals holds.</summary>
    public bool Meets(RuleItem item) => item.AnyOf.Any(literal => Holds(literal.Condition) != literal.Negated);

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

    /// <summary>A waiver holds on the local day of acceptance; a case that was never accepted has none.</summary>
    private bool IsOnWaiverList()
    {
        if (facts.AcceptedAt is not { } accepted)
        {
            return false;
        }

        var day = LocalTime.DateOf(LocalTime.DayOf(accepted));
        return rulebook.Waivers.Any(waiver =>
            IsProcedure(waiver.Procedure) && (waiver.From is not { } from || from <= day) && (waiver.To is not { } to || day <= to));
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
