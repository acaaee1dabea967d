namespace KpiStream.Ingest.Sources.Generation;

/// <summary>Numbers are the words' places in the contract's lists.</summary>
internal enum Channel : byte { Counter, Online, Post }

internal enum PaidVia : byte { None, National, Local, Counter }

internal enum Result : byte { None, Paper, Electronic, NotRequired }

internal enum Returned : byte { None, Online, Post, Counter }

internal enum Presence : byte { None, Visit, Paper, OnSite }

internal enum Kind : byte { Case, Feedback, Publication }

/// <summary>What a generated case's code is made of; the text is only made when a line is written.</summary>
/// <param name="Unit">The unit in whose series it stands.</param>
/// <param name="Day">The local day of reception.</param>
/// <param name="Serial">From 1; 0 = no case.</param>
internal readonly record struct CaseNumber(int Unit, int Day, int Serial);

/// <summary>
/// Everything a source knows of a case at one moment: what one line says. Instants are milliseconds since 1970 UTC, 0 = not yet
/// known. About 140 bytes, copied by value from the case into every event.
/// </summary>
internal struct CasePicture
{
    public CaseNumber Number;
    public CaseNumber Parent;
    public long At;
    public long Filed;
    public long Accepted;
    public long Due;
    public long Ended;
    public long Fee;

    /// <summary>Seeds the odd forms of a line, so that a line sent twice has the same bytes.</summary>
    public ulong Style;

    /// <summary>Bits <see cref="CaseKey"/> of what no event of the case states.</summary>
    public uint Silent;

    public int Seq;
    public int Receiving;
    public int Handling;
    public short Procedure;
    public CaseStatus Status;
    public Kind Kind;
    public Channel Channel;
    public PaidVia PaidVia;
    public Result Result;
    public Returned Returned;
    public Presence Presence;
    public bool Waived;
    public bool Signed;
    public bool Digitised;
    public bool Reused;
    public bool VNeId;
    public bool Synced;
    public bool ComponentsSigned;
    public bool ResultDigitised;
    public bool Stored;
    public bool ResultSynced;

    /// <summary>The citizen's rating; null when none was given.</summary>
    public bool? Satisfied;

    public readonly bool States(CaseKey key) => (Silent & (1u << (int)key)) == 0;
}
