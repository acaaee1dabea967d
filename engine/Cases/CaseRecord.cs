namespace KpiStream.Engine.Cases;

/// <summary>
/// What is known of one case: its registers, one common stamp for all of them while they agree, and the first times that the
/// fold keeps over all events. The form it is worked on in, 176 bytes; a <see cref="CaseTable"/> holds it as a <see cref="CaseSlot"/>.
/// </summary>
public struct CaseRecord
{
    public CaseId Id;

    /// <summary>The newest stamp of a register, and the stamp of every register that no layer names.</summary>
    public Stamp Stamp;

    /// <summary>Bit <see cref="CaseKey"/> is set once any event stated the register, null included.</summary>
    public uint Stated;

    /// <summary>The registers with older stamps, in <see cref="StampLayers"/>; 0 while all share <see cref="Stamp"/>.</summary>
    public int Older;

    public Registers Values;

    public FirstTimes First;
}
