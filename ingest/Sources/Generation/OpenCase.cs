namespace KpiStream.Ingest.Sources.Generation;

/// <summary>What happens to a case next. Every step is one event.</summary>
internal enum CaseStep : byte
{
    File, Review, Begin, Work, HavePapers, HavePayment, Return, Correct,
}

/// <summary>A case that something will still happen to.</summary>
internal struct OpenCase
{
    public CasePicture Picture;
    public CaseStep Next;

    /// <summary>Steps of handling left before the result.</summary>
    public byte WorkLeft;

    /// <summary>Office time between two of them, in milliseconds.</summary>
    public long WorkPace;

    /// <summary>When the clock was stopped for the citizen.</summary>
    public long PausedAt;
}
