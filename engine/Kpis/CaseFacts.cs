using System.Runtime.CompilerServices;

namespace KpiStream.Engine.Kpis;

/// <summary>
/// What rules need to know of a case: its conditions as bits, its three derived instants and its two units.
/// Two equal values contribute the same to every figure and gauge.
/// </summary>
/// <param name="Conditions">Bit <see cref="Condition"/> is set when it holds.</param>
/// <param name="Unknown">Bit <see cref="Condition"/> is set when the condition rests on a register that no event has stated.</param>
/// <param name="FiledAt">Milliseconds; 0 for none, as in the other instants.</param>
/// <param name="AcceptedAt">As <paramref name="FiledAt"/>.</param>
/// <param name="EndedAt">As <paramref name="FiledAt"/>.</param>
/// <param name="Due">The promised instant.</param>
/// <param name="Handling">Code of the handling unit before successors are applied; never 0.</param>
/// <param name="Receiving">Code of the receiving unit before successors are applied; never 0.</param>
/// <param name="Procedure">Code of the procedure; 0 for none.</param>
public readonly record struct CaseFacts(
    ulong Conditions, ulong Unknown, long FiledAt, long AcceptedAt, long EndedAt, long Due, int Handling, int Receiving, int Procedure = 0)
{
    /// <summary>The named instant; 0 for none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long TimeOf(TimeRole role) => role switch { TimeRole.Filed => FiledAt, TimeRole.Accepted => AcceptedAt, TimeRole.Due => Due, _ => EndedAt };

    /// <summary>Code of the unit in a role, before successors are applied.</summary>
    public int UnitOf(UnitRole role) => role == UnitRole.Handling ? Handling : Receiving;

    public bool Has(Condition condition) => (Conditions & (1UL << (int)condition)) != 0;
}
