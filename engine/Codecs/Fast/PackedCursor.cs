using System.Runtime.CompilerServices;

namespace KpiStream.Engine.Codecs.Fast;

/// <summary>
/// Where reading has come to in a MessagePack record. A value that could not be read leaves it standing and is remembered, so that values need no branch
/// between them: what is read after a miss is thrown away with the rest.
/// </summary>
/// <param name="here">The first byte.</param>
internal ref struct PackedCursor(ref byte here)
{
    /// <summary>The first byte not yet read.</summary>
    public ref byte Here = ref here;

    /// <summary>True when a value could not be read.</summary>
    public bool HasMissed { get; private set; }

    /// <summary>Continues behind a value of this many bytes; 0 is a miss.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Pass(int read)
    {
        HasMissed |= read == 0;
        Here = ref Unsafe.Add(ref Here, (nint)(uint)read);
    }
}
