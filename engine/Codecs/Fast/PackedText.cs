using System.Runtime.CompilerServices;
using MessagePack;

namespace KpiStream.Engine.Codecs.Fast;

/// <summary>Texts of MessagePack records of up to 255 bytes.</summary>
internal static class PackedText
{
    /// <summary>The first byte of a text of up to <see cref="MostShort"/> bytes, less its length.</summary>
    public const byte Short = 0xa0;

    public const int MostShort = 31;

    /// <summary>Where a text begins, counted from its head, and how long it is; 0 for anything else, and longer texts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (int Start, int Length) Place(ref byte here) =>
        IsShort(here) ? (1, here & MostShort) : here == MessagePackCode.Str8 ? (2, Unsafe.Add(ref here, 1)) : (0, 0);

    /// <summary>True for the first byte of a text of up to <see cref="MostShort"/> bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsShort(byte head) => (head & ~MostShort) == Short;
}
