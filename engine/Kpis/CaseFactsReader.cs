using KpiStream.Engine.Cases;
using KpiStream.Engine.Events;
using KpiStream.Engine.Time;
using KpiStream.Engine.Units;
using static KpiStream.Engine.Kpis.Condition;

namespace KpiStream.Engine.Kpis;

/// <summary>Derives a case's facts from its registers and first times (spec section 3, "Derived" and "Conditions").</summary>
public sealed class CaseFactsReader
{
    // A flag is two bits, and the higher one says that it is stated and true. Read-only numbers are constants to the compiler that makes the code.
    private static readonly int StatusShift = WordLayout.ShiftOf(CaseKey.Status), WaivedBit = WordLayout.ShiftOf(CaseKey.Waived) + 1;

    private const int OpenStatuses = 1 << 2 | 1 << 4 | 1 << 5 | 1 << 6;
    private const int EndStatuses = 1 << 3 | 1 << 7 | 1 << 8 | 1 << 9 | 1 << 10;

    private readonly ProcedureTable procedures;
    private readonly bool onTimeByInstant;
    private readonly int unstated;

    public CaseFactsReader(CodeBook codes, Rulebook rulebook)
    {
        procedures = new ProcedureTable(codes.Procedures, rulebook);
        onTimeByInstant = rulebook.OnTimeBy == OnTimeBy.Instant;
        unstated = codes.Units.Intern(UnitDirectory.Unstated);
    }

    /// <summary>Derives the facts of a case. A case of which nothing is known has no instants and so contributes nothing.</summary>
    public CaseFacts Read(in CaseRecord record)
    {
        ref readonly var values = ref record.Values;
        var status = (int)(values.Packed >> StatusShift) & 15;
        var acceptedAt = values.Accepted != 0 ? values.Accepted : record.First.Accepted;
        var filedAt = values.Filed != 0 ? values.Filed : acceptedAt;
        var endedAt = EndedAt(status, in record);
        var conditions = StatedConditions.Of(values.Packed) | CaseConditions(in values, status, acceptedAt) | TimeConditions(acceptedAt, endedAt, values.Due);
        return new CaseFacts(
            conditions, filedAt, acceptedAt, endedAt, values.Due, FirstStated(values.Handling, values.Receiving), FirstStated(values.Receiving, values.Handling));
    }

    private int FirstStated(int first, int second) => first != 0 ? first : second != 0 ? second : unstated;

    private static long EndedAt(int status, in CaseRecord record)
    {
        if ((EndStatuses & (1 << status)) == 0)
        {
            return 0;
        }

        return record.Values.Ended != 0 ? record.Values.Ended : status switch
        {
            3 => record.First.Refused,
            7 => record.First.Withdrawn,
            8 => record.First.Stopped,
            _ => record.First.ResultReady != 0 ? record.First.ResultReady : record.First.ResultReturned,
        };
    }

    // Most of these are hard to foresee, so none of them is a branch.
    private ulong CaseConditions(in Registers values, int status, long acceptedAt)
    {
        var isAccepted = acceptedAt != 0;
        var procedure = procedures.Of(values.Procedure);
        var isFeeDue = (values.FeePlusOne > 1) & ((values.Packed >> WaivedBit) & 1) == 0 & !(isAccepted & procedure.IsWaived(acceptedAt));
        return When(isAccepted, Accepted)
            | When(isAccepted & (OpenStatuses & (1 << status)) != 0, Open)
            | When(isFeeDue, FeeDue)
            | When((values.Parent.Hi | values.Parent.Lo) != 0, Linked)
            | When(procedure.IsCertifiedCopy, CertifiedCopy);
    }

    private ulong TimeConditions(long acceptedAt, long endedAt, long due)
    {
        var endDay = LocalTime.DayOf(endedAt);
        var isOnTime = (due == 0) | (onTimeByInstant ? endedAt <= due : endDay <= LocalTime.DayOf(due));
        return When((endedAt != 0) & isOnTime, OnTime) | When((endedAt != 0) & (acceptedAt != 0) & (endDay == LocalTime.DayOf(acceptedAt)), SameDay) | When(due != 0, HasDue);
    }

    private static ulong When(bool holds, Condition condition) => (holds ? 1UL : 0UL) << (int)condition;
}
