using KpiStream.Engine.Cases;
using KpiStream.Engine.Events;
using KpiStream.Engine.Time;
using KpiStream.Engine.Units;
using static KpiStream.Engine.Kpis.Condition;

namespace KpiStream.Engine.Kpis;

/// <summary>Derives a case's facts from its registers and first times (spec section 3, "Derived" and "Conditions").</summary>
public sealed class CaseFactsReader
{
    // Packed values: a status is its own number, a word its position plus one, null is 0.
    private static readonly ulong[] StatusConditions =
    [
        0, Bits(Waiting), 0, Bits(Refused), 0, Bits(Paused), Bits(Paused), Bits(Withdrawn), Bits(Stopped), Bits(Done), Bits(Done, ReturnedResult), 0, 0, 0, 0, 0,
    ];

    private static readonly ulong[] KindConditions = [Bits(KindCase), Bits(KindCase), Bits(KindFeedback), Bits(KindPublication)];
    private static readonly ulong[] ChannelConditions = [Bits(AtCounter), Bits(AtCounter), Bits(Online), Bits(ByPost)];
    private static readonly ulong[] PaidConditions = [0, 0, Bits(Paid, PaidNational, PaidOnline), Bits(Paid, PaidOnline), Bits(Paid), 0, 0, 0];
    private static readonly ulong[] ResultConditions =
        [Bits(ResultNeeded), Bits(ResultNeeded), Bits(ResultNeeded, ResultPaper), Bits(ResultNeeded, ResultElectronic), 0, 0, 0, 0];

    private static readonly ulong[] ReturnedConditions = [0, 0, Bits(ReturnedRemotely), Bits(ReturnedRemotely), 0, 0, 0, 0];
    private static readonly ulong[] PresenceConditions = [Bits(NoPresence), Bits(NoPresence), 0, 0, 0, 0, 0, 0];

    // Read-only numbers are constants to the compiler that makes the code, lookups in the layout are not.
    private static readonly int StatusShift = WordLayout.ShiftOf(CaseKey.Status), KindShift = WordLayout.ShiftOf(CaseKey.Kind),
        ChannelShift = WordLayout.ShiftOf(CaseKey.Channel), PaidShift = WordLayout.ShiftOf(CaseKey.PaidVia), ResultShift = WordLayout.ShiftOf(CaseKey.Result),
        ReturnedShift = WordLayout.ShiftOf(CaseKey.Returned), PresenceShift = WordLayout.ShiftOf(CaseKey.Presence), SatisfiedShift = WordLayout.ShiftOf(CaseKey.Satisfied);

    // A flag is two bits, and the higher one says that it is stated and true.
    private static readonly int WaivedBit = WordLayout.ShiftOf(CaseKey.Waived) + 1, SignedBit = WordLayout.ShiftOf(CaseKey.Signed) + 1,
        DigitisedBit = WordLayout.ShiftOf(CaseKey.Digitised) + 1, ReusedBit = WordLayout.ShiftOf(CaseKey.Reused) + 1,
        VNeIdBit = WordLayout.ShiftOf(CaseKey.VNeId) + 1, SyncedBit = WordLayout.ShiftOf(CaseKey.Synced) + 1, SatisfiedBit = WordLayout.ShiftOf(CaseKey.Satisfied) + 1;

    private const int OpenStatuses = 1 << 2 | 1 << 4 | 1 << 5 | 1 << 6;

    private readonly ProcedureFacts procedures;
    private readonly bool onTimeByInstant;
    private readonly int unstated;

    public CaseFactsReader(CodeBook codes, Rulebook rulebook)
    {
        procedures = new ProcedureFacts(codes.Procedures, rulebook);
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
        var conditions = StatedConditions(values.Packed, status)
            | CaseConditions(in values, status, acceptedAt)
            | TimeConditions(acceptedAt, endedAt, values.Due);
        return new CaseFacts(
            conditions, filedAt, acceptedAt, endedAt, values.Due, FirstStated(values.Handling, values.Receiving), FirstStated(values.Receiving, values.Handling));
    }

    private int FirstStated(int first, int second) => first != 0 ? first : second != 0 ? second : unstated;

    private static long EndedAt(int status, in CaseRecord record)
    {
        var first = status switch
        {
            9 or 10 => record.First.ResultReady != 0 ? record.First.ResultReady : record.First.ResultReturned,
            3 => record.First.Refused,
            7 => record.First.Withdrawn,
            8 => record.First.Stopped,
            _ => 0,
        };
        return status is 3 or 7 or 8 or 9 or 10 && record.Values.Ended != 0 ? record.Values.Ended : first;
    }

    private static ulong StatedConditions(ulong packed, int status) => StatusConditions[status]
        | KindConditions[(int)(packed >> KindShift) & 3]
        | ChannelConditions[(int)(packed >> ChannelShift) & 3]
        | PaidConditions[(int)(packed >> PaidShift) & 7]
        | ResultConditions[(int)(packed >> ResultShift) & 7]
        | ReturnedConditions[(int)(packed >> ReturnedShift) & 7]
        | PresenceConditions[(int)(packed >> PresenceShift) & 7]
        | ((packed >> SignedBit) & 1) << (int)Signed
        | ((packed >> DigitisedBit) & 1) << (int)Digitised
        | ((packed >> ReusedBit) & 1) << (int)Reused
        | ((packed >> VNeIdBit) & 1) << (int)VNeId
        | ((packed >> SyncedBit) & 1) << (int)Synced
        | ((packed >> SatisfiedBit) & 1) << (int)Satisfied;

    private ulong CaseConditions(in Registers values, int status, long acceptedAt)
    {
        var isAccepted = acceptedAt != 0;
        var isFeeDue = values.FeePlusOne > 1 && ((values.Packed >> WaivedBit) & 1) == 0
            && !(isAccepted && procedures.IsWaived(values.Procedure, LocalTime.DayOf(acceptedAt)));
        return When(isAccepted, Accepted)
            | When(isAccepted && (OpenStatuses & (1 << status)) != 0, Open)
            | When(isFeeDue, FeeDue)
            | When(((values.Packed >> SatisfiedShift) & 3) != 0, Rated)
            | When(values.Parent != default, Linked)
            | When(procedures.IsCertifiedCopy(values.Procedure), CertifiedCopy);
    }

    private ulong TimeConditions(long acceptedAt, long endedAt, long due)
    {
        var isOnTime = endedAt != 0
            && (due == 0 || (onTimeByInstant ? endedAt <= due : LocalTime.DayOf(endedAt) <= LocalTime.DayOf(due)));
        var isSameDay = endedAt != 0 && acceptedAt != 0 && LocalTime.DayOf(endedAt) == LocalTime.DayOf(acceptedAt);
        return When(isOnTime, OnTime) | When(isSameDay, SameDay) | When(due != 0, HasDue);
    }

    private static ulong When(bool holds, Condition condition) => holds ? 1UL << (int)condition : 0;

    private static ulong Bits(params ReadOnlySpan<Condition> conditions)
    {
        var bits = 0UL;
        foreach (var condition in conditions)
        {
            bits |= 1UL << (int)condition;
        }

        return bits;
    }
}
