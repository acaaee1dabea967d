namespace KpiStream.Engine.Events;

/// <summary>Arrays indexed by the id of a code (<see cref="CodeTable"/>), which bounds them.</summary>
internal static class ById
{
    /// <summary>The place of an id, in a longer array where there was none yet.</summary>
    public static ref T At<T>(ref T[] values, int id)
    {
        if (id >= values.Length)
        {
            Array.Resize(ref values, Math.Max(id + 1, values.Length * 2));
        }

        return ref values[id];
    }
}
