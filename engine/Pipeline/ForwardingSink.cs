namespace KpiStream.Engine.Pipeline;

/// <summary>A sink in front of another one: what it does not override is passed on, so that sinks may stand in any order.</summary>
/// <param name="inner">The next sink.</param>
public abstract class ForwardingSink(IRecordSink inner) : IRecordSink
{
    /// <summary>The next sink. May be changed while no record is on its way.</summary>
    public IRecordSink Inner { get; set; } = inner;

    public virtual void Accept(ReadOnlySpan<byte> record, SourcePosition position, long arrival) => Inner.Accept(record, position, arrival);

    public virtual void RejectTooLarge(SourcePosition position, long arrival, long length, ReadOnlySpan<byte> sha256) =>
        Inner.RejectTooLarge(position, arrival, length, sha256);

    public virtual void Flush() => Inner.Flush();

    public virtual void ReportLag(int partition, long remaining) => Inner.ReportLag(partition, remaining);

    public virtual void Pass(Func<SourcePlaces> here) => Inner.Pass(here);
}
