namespace KpiStream.Ingest.Host.State;

/// <summary>
/// Stands between a source and its intake, knows how far the source has come, and lets a checkpoint begin where the source says that one may.
/// Owned by the flow that runs the source.
/// </summary>
/// <param name="intake">Where records go, unless something else is put in between.</param>
/// <param name="start">Where the source begins.</param>
/// <param name="begin">Asked at every place where a checkpoint may begin.</param>
internal sealed class CheckpointSink(IRecordSink intake, SourcePlaces start, Action begin) : ForwardingSink(intake)
{
    private Func<SourcePlaces> place = () => start;

    /// <summary>How far the source has come. To be asked by its flow while <see cref="IsAtPlace"/>.</summary>
    public SourcePlaces Here => place();

    /// <summary>True when nothing was handed over since the source said where it was.</summary>
    public bool IsAtPlace { get; private set; } = true;

    public override void Accept(ReadOnlySpan<byte> record, SourcePosition position, long arrival)
    {
        IsAtPlace = false;
        Inner.Accept(record, position, arrival);
    }

    public override void RejectTooLarge(SourcePosition position, long arrival, long length, ReadOnlySpan<byte> sha256)
    {
        IsAtPlace = false;
        Inner.RejectTooLarge(position, arrival, length, sha256);
    }

    public override void Pass(Func<SourcePlaces> here)
    {
        (place, IsAtPlace) = (here, true);
        begin();
        Inner.Pass(here);
    }
}
