namespace KpiStream.Engine.Events;

/// <summary>
/// What a source said about one case at one moment: a partial update. It never owns text: the case code is
/// a pseudonym, codes are ids of the <see cref="CodeBook"/>. About 150 bytes; passed by reference.
/// </summary>
public struct CaseEvent
{
    public CaseId Case;
    public Stamp Stamp;

    /// <summary>Bit <see cref="CaseKey"/> is set when the event carries the key, null included. Absent keys say nothing.</summary>
    public uint Stated;

    /// <summary>The values stated; a stated key with the value 0 clears the fact.</summary>
    public Registers Values;

    public readonly bool States(CaseKey key) => (Stated & (1u << (int)key)) != 0;
}
