using System.Runtime.InteropServices;

namespace KpiStream.Engine.Windowing;

/// <summary>Something counted at a second: how often, in which unit, under which word. The log's reader gives the word its meaning.</summary>
/// <param name="Unit">Code id.</param>
/// <param name="Word">For contributions: conditions and group; for deadlines: the millisecond within the second.</param>
/// <param name="Count">How many were applied less how many were retracted.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Delta(int Unit, ulong Word, int Count);

/// <summary>Receives the deltas of a stretch of time, in no particular order.</summary>
public interface IDeltaVisitor
{
    void Visit(long second, in Delta delta);
}
