using KpiStream.Engine.Units;

namespace KpiStream.Engine.Kpis;

/// <summary>
/// What the rulebook says of procedures and fields: lists, certified copies, waivers. Looked up once per code and then found by its id. Owned by one shard.
/// </summary>
internal sealed class ProcedureTable
{
    // Tells a field that was looked up from one that was not; above all conditions.
    private const ulong Known = 1UL << 63;

    private readonly CodeBook codes;
    private readonly (ulong Bit, HashSet<string> Procedures, HashSet<string> Fields)[] sets;
    private readonly (FeeWaiver Source, CompiledWaiver Compiled)[] waivers;
    private readonly CompiledWaiver[] listWaivers;
    private readonly ulong waivedLists;

    // Nothing is said of what is not stated, id 0.
    private ProcedureFacts?[] procedures = [new ProcedureFacts(0, []), .. new ProcedureFacts?[255]];
    private ulong[] fields = [Known, .. new ulong[255]];

    public ProcedureTable(CodeBook codes, Rulebook rulebook, UnitDirectory directory, UnitSuccessors successors)
    {
        this.codes = codes;
        sets =
        [
            (1UL << (int)Condition.CertifiedCopy, ToSet(rulebook.CertifiedCopyProcedures), []),
            .. rulebook.Lists.Select((list, number) => (1UL << ((int)Condition.FirstList + number), ToSet(list.Procedures), ToSet(list.Fields))),
        ];
        waivers = [.. rulebook.Waivers.Select(waiver => (waiver, new CompiledWaiver(waiver, codes.Units, directory, successors)))];
        listWaivers = [.. waivers.Where(waiver => waiver.Source.List is not null).Select(waiver => waiver.Compiled)];
        waivedLists = listWaivers.Aggregate(0UL, static (all, waiver) => all | waiver.List);
    }

    public ProcedureFacts Of(int procedure) => ById.At(ref procedures, procedure) ??= LookUp(codes.Procedures.Text(procedure));

    /// <summary>The lists a field is on, as bits of a condition word.</summary>
    public ulong ListsOfField(int field)
    {
        var lists = field < fields.Length ? fields[field] : 0;
        return (lists != 0 ? lists : LookUpField(field)) & ~Known;
    }

    /// <summary>True when a waiver holds for an accepted case.</summary>
    /// <param name="procedure">What is said of its procedure.</param>
    /// <param name="acceptedAt">Milliseconds.</param>
    /// <param name="conditions">Its conditions, lists and channel among them.</param>
    /// <param name="handling">Code of the handling unit before successors are applied.</param>
    public bool IsWaived(ProcedureFacts procedure, long acceptedAt, ulong conditions, int handling) =>
        (procedure.Waivers.Length > 0 || (conditions & waivedLists) != 0) && IsWaivedOn(LocalTime.DayOf(acceptedAt), procedure, conditions, handling);

    private bool IsWaivedOn(int day, ProcedureFacts procedure, ulong conditions, int handling)
    {
        foreach (var waiver in procedure.Waivers)
        {
            if (waiver.Holds(day, conditions, handling))
            {
                return true;
            }
        }

        return (conditions & waivedLists) != 0 && IsWaivedByList(day, conditions, handling);
    }

    private bool IsWaivedByList(int day, ulong conditions, int handling)
    {
        foreach (var waiver in listWaivers)
        {
            if ((conditions & waiver.List) != 0 && waiver.Holds(day, conditions, handling))
            {
                return true;
            }
        }

        return false;
    }

    private ProcedureFacts LookUp(string code) => new(
        sets.Where(set => PrefixesOf(code).Any(set.Procedures.Contains)).Aggregate(0UL, static (bits, set) => bits | set.Bit),
        [.. waivers.Where(waiver => waiver.Source.Procedure is { } listed && Rulebook.Matches(listed, code)).Select(waiver => waiver.Compiled)]);

    private ulong LookUpField(int field)
    {
        var code = codes.Fields.Text(field);
        return ById.At(ref fields, field) = sets.Where(set => set.Fields.Contains(code)).Aggregate(Known, static (bits, set) => bits | set.Bit);
    }

    /// <summary>The code, and it up to each of its dots: what lists may call it by.</summary>
    private static IEnumerable<string> PrefixesOf(string code)
    {
        yield return code;
        for (var dot = code.IndexOf('.'); dot >= 0; dot = code.IndexOf('.', dot + 1))
        {
            yield return code[..dot];
        }
    }

    private static HashSet<string> ToSet(IEnumerable<string> texts) => texts.ToHashSet();
}
