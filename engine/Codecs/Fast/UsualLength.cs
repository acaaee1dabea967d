using System.Runtime.CompilerServices;

namespace KpiStream.Engine.Codecs.Fast;

/// <summary>
/// The length that texts of one kind usually have. The next member cannot be looked at before the length of this one is known; a processor that may
/// bet on a comparison continues at once, where a sum would make it wait for the vectors.
/// </summary>
internal struct UsualLength
{
    private int usual;

    /// <summary>The same length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Of(int length)
    {
        if (length == usual)
        {
            return usual;
        }

        return usual = length;
    }
}
