using System.Runtime.CompilerServices;
using KpiStream.Engine.Cases;
using KpiStream.Engine.Units;
using static KpiStream.Engine.Kpis.Condition;

namespace KpiStream.Engine.Kpis;

/// <summary>Derives a case's facts from its registers and first times.</summary>
public sealed class CaseFactsReader
{
    // A flag is two bits, and the higher one says that it is stated and true. Read-only numbers are constants to the compiler that makes the code.
    private static readonly int StatusShift = WordLayout.ShiftOf(CaseKey.Status), WaivedBit = WordLayout.ShiftOf(CaseKey.Waived) + 1;

    /// <summary>15:00 local: what is accepted later need not be given on the same day.</summary>
    private const long LastHourOfTheDay = 15 * 3_600_000L;

    private const int OpenStatuses = 1 << (int)CaseStatus.Accepted | 1 << (int)CaseStatus.Processing | 1 << (int)CaseStatus.AwaitingPapers
        | 1 << (int)CaseStatus.AwaitingPayment;
    private const int EndStatuses = 1 << (int)CaseStatus.Refused | 1 << (int)CaseStatus.Withdrawn | 1 << (int)CaseStatus.Stopped
        | 1 << (int)CaseStatus.ResultReady | 1 << (int)CaseStatus.ResultReturned;

    private readonly ProcedureTable procedures;
    private readonly UnitSuccessors successors;
    private readonly CommuneTable communes;
    private readonly WorkingCalendar calendar;
    private readonly bool onTimeByInstant;
    private readonly int unstated;

    // A table that is made before the code that reads it is compiled is a constant to the compiler.
    static CaseFactsReader()
    {
        RuntimeHelpers.RunClassConstructor(typeof(StatedConditions).TypeHandle);
        RuntimeHelpers.RunClassConstructor(typeof(UnobservedConditions).TypeHandle);
    }

    public CaseFactsReader(CodeBook codes, Rulebook rulebook, UnitDirectory directory, UnitSuccessors successors)
    {
        this.successors = successors;
        procedures = new ProcedureTable(codes, rulebook, directory, successors);
        communes = new CommuneTable(codes.Units, directory);
        calendar = rulebook.Calendar;
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
        var handling = FirstStated(values.Handling, values.Receiving);
        var procedure = procedures.Of(values.Procedure);
        var conditions = StatedConditions.Of(values.Packed) | procedure.Conditions | procedures.ListsOfField(values.Field);
        var isWaived = IsWaived(values.Packed) || (acceptedAt != 0 && procedures.IsWaived(procedure, acceptedAt, conditions, handling));
        conditions |= CaseConditions(in values, status, acceptedAt, isWaived) | When(values.Due != 0, HasDue);
        conditions |= When(acceptedAt != 0 && values.Receiving != values.Handling && IsNonBoundary(values.Receiving, values.Handling, acceptedAt), NonBoundary);
        if (endedAt != 0)
        {
            conditions |= EndConditions(acceptedAt, endedAt, values.Due);
        }

        // A waived fee is known not to be due, and what has not ended is known not to have ended on time.
        var unknown = UnobservedConditions.Of(record.Stated) & ~(When(isWaived, FeeDue) | When(endedAt == 0, OnTime));
        return new CaseFacts(conditions, unknown, filedAt, acceptedAt, endedAt, values.Due, handling, FirstStated(values.Receiving, values.Handling),
            values.Procedure);
    }

    private int FirstStated(int first, int second) => first != 0 ? first : second != 0 ? second : unstated;

    private static long EndedAt(int status, in CaseRecord record)
    {
        if ((EndStatuses & (1 << status)) == 0)
        {
            return 0;
        }

        return record.Values.Ended != 0 ? record.Values.Ended : (CaseStatus)status switch
        {
            CaseStatus.Refused => record.First.Refused,
            CaseStatus.Withdrawn => record.First.Withdrawn,
            CaseStatus.Stopped => record.First.Stopped,
            _ => record.First.ResultReady != 0 ? record.First.ResultReady : record.First.ResultReturned,
        };
    }

    private static bool IsWaived(ulong packed) => ((packed >> WaivedBit) & 1) != 0;

    // Most of these are hard to foresee, so none of them is a branch.
    private static ulong CaseConditions(in Registers values, int status, long acceptedAt, bool isWaived)
    {
        var isAccepted = acceptedAt != 0;
        return When(isAccepted, Accepted)
            | When(isAccepted & (OpenStatuses & (1 << status)) != 0, Open)
            | When((values.FeePlusOne > 1) & !isWaived, FeeDue)
            | When((values.Parent.Hi | values.Parent.Lo) != 0, Linked);
    }

    private ulong EndConditions(long acceptedAt, long endedAt, long due)
    {
        var (acceptedDay, endDay) = (LocalTime.DayOf(acceptedAt), LocalTime.DayOf(endedAt));
        var isOnTime = (due == 0) | (onTimeByInstant ? endedAt <= due : endDay <= LocalTime.DayOf(due));
        var isSameDay = (acceptedAt != 0) & ((endDay == acceptedDay) || IsNextDayAllowed(acceptedAt, acceptedDay, endDay));
        return When(isOnTime, OnTime) | When(isSameDay, SameDay);
    }

    /// <summary>The certification rule: what was accepted at 15:00 or later may be given until the end of the next working day.</summary>
    private bool IsNextDayAllowed(long acceptedAt, int acceptedDay, int endDay) =>
        endDay > acceptedDay && MayEndNextDay(acceptedAt, acceptedDay) && endDay <= calendar.NextWorkingDay(acceptedDay);

    /// <summary>True for what was accepted so late that it need not be given on the same day.</summary>
    /// <param name="acceptedAt">Milliseconds since 1970 UTC.</param>
    /// <param name="acceptedDay">Its local day.</param>
    internal static bool MayEndNextDay(long acceptedAt, int acceptedDay) => acceptedAt - LocalTime.StartOfDay(acceptedDay) >= LastHourOfTheDay;

    /// <summary>True when both units are stated, are two and are both communes on the day of acceptance.</summary>
    private bool IsNonBoundary(int receiving, int handling, long acceptedAt)
    {
        if (receiving == 0 || handling == 0)
        {
            return false;
        }

        var day = LocalTime.DayOf(acceptedAt);
        var (first, second) = (successors.Resolve(receiving, day), successors.Resolve(handling, day));
        return first != second && communes.Contains(first) && communes.Contains(second);
    }

    private static ulong When(bool holds, Condition condition) => (holds ? 1UL : 0UL) << (int)condition;
}
