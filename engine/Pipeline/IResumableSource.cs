using KpiStream.Engine.Events;

namespace KpiStream.Engine.Pipeline;

/// <summary>A source that can be read on from where it was left: it says where it is by <see cref="IRecordSink.Pass"/>.</summary>
public interface IResumableSource : IRecordSource
{
    /// <summary>Null when the source can be read on from a place; otherwise one sentence saying why it cannot.</summary>
    string? CannotResume => null;

    /// <summary>
    /// Looks, before anything is loaded, whether what comes next after a place is still there. Null when it is, and when that cannot be said now: reading
    /// looks again.
    /// </summary>
    Task<SourceGap?> FindGapAsync(SourcePlaces places, CancellationToken stop) => Task.FromResult<SourceGap?>(null);

    /// <summary>
    /// Reads as <see cref="IRecordSource.RunAsync"/> does, but only what lies behind a place. Ends with <see cref="SourceEndKind.Gap"/> when the source
    /// does not
    /// hold any more what lies there, unless that is accepted.
    /// </summary>
    Task<SourceEnd> RunAsync(IRecordSink sink, SourceStart start, CancellationToken stop);
}

/// <summary>A source does not hold what comes next after a place.</summary>
/// <param name="Message">One sentence saying what happened and what to do.</param>
/// <param name="MayHoldEarlier">True when the source is the one that was read but shorter, so that an earlier place may still be in it.</param>
public sealed record SourceGap(string Message, bool MayHoldEarlier);

/// <summary>Where a source is to be read on from.</summary>
/// <param name="Places">What was handed over before.</param>
/// <param name="AcceptGap">True to go on where the source continues when what comes next is gone.</param>
public sealed record SourceStart(SourcePlaces Places, bool AcceptGap)
{
    public static readonly SourceStart Beginning = new(SourcePlaces.Beginning, AcceptGap: true);

    /// <summary>Told in one sentence of a gap that is accepted.</summary>
    public Action<string> Say { get; init; } = static _ => { };
}
