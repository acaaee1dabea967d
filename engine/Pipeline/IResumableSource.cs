using KpiStream.Engine.Events;

namespace KpiStream.Engine.Pipeline;

/// <summary>A source that can be read on from where it was left: it says where it is by <see cref="IRecordSink.Pass"/>.</summary>
public interface IResumableSource : IRecordSource
{
    /// <summary>Null when the source can be read on from a place; otherwise one sentence saying why it cannot.</summary>
    string? CannotResume => null;

    /// <summary>
    /// Reads as <see cref="IRecordSource.RunAsync"/> does, but only what lies behind a place. Ends with <see cref="SourceEndKind.Gap"/> when the source does not
    /// hold any more what lies there, unless that is accepted.
    /// </summary>
    Task<SourceEnd> RunAsync(IRecordSink sink, SourceStart start, CancellationToken stop);
}

/// <summary>Where a source is to be read on from.</summary>
/// <param name="Places">What was handed over before.</param>
/// <param name="AcceptGap">True to go on where the source goes on when what comes next is gone.</param>
public sealed record SourceStart(SourcePlaces Places, bool AcceptGap)
{
    public static readonly SourceStart Beginning = new(SourcePlaces.Beginning, AcceptGap: true);

    /// <summary>Told in one sentence of a gap that is accepted.</summary>
    public Action<string> Say { get; init; } = static _ => { };
}
