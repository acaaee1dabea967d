namespace KpiStream.Engine.Codecs;

/// <summary>The first bytes of MessagePack values (the format's specification, section "Formats").</summary>
internal static class MessagePackCode
{
    /// <summary>An array of up to 15 values, less their number.</summary>
    public const byte SmallArray = 0x90;

    public const byte Nil = 0xc0;

    /// <summary>The one byte that begins nothing.</summary>
    public const byte NeverUsed = 0xc1;

    public const byte False = 0xc2;
    public const byte True = 0xc3;
    public const byte Bin8 = 0xc4;
    public const byte Ext8 = 0xc7;
    public const byte Float32 = 0xca;
    public const byte Float64 = 0xcb;
    public const byte UInt8 = 0xcc;
    public const byte UInt16 = 0xcd;
    public const byte UInt32 = 0xce;
    public const byte UInt64 = 0xcf;
    public const byte Int8 = 0xd0;
    public const byte Int16 = 0xd1;
    public const byte Int32 = 0xd2;
    public const byte Int64 = 0xd3;
    public const byte FixExt1 = 0xd4;
    public const byte FixExt16 = 0xd8;
    public const byte Text8 = 0xd9;
    public const byte Array16 = 0xdc;
    public const byte Array32 = 0xdd;
    public const byte Map16 = 0xde;
    public const byte Map32 = 0xdf;

    /// <summary>True for the first byte of a map, which JSON never begins with.</summary>
    public static bool BeginsMap(byte first) => first is (>= 0x80 and <= 0x8f) or Map16 or Map32;

    /// <summary>True for the first byte of an array, which JSON never begins with.</summary>
    public static bool BeginsArray(byte first) => first is (>= 0x90 and <= 0x9f) or Array16 or Array32;

    /// <summary>The family of a head that carries a length, and the width of the length in bytes; <see cref="MessagePackKind.Absent"/> for the one byte never used.</summary>
    public static (MessagePackKind Kind, int Width) SizedBy(byte head) => head switch
    {
        >= Bin8 and < Ext8 => (MessagePackKind.Binary, 1 << (head - Bin8)),
        >= Ext8 and < Float32 => (MessagePackKind.Extension, 1 << (head - Ext8)),
        >= Text8 and < Array16 => (MessagePackKind.Text, 1 << (head - Text8)),
        Array16 or Array32 => (MessagePackKind.Array, head == Array16 ? 2 : 4),
        Map16 or Map32 => (MessagePackKind.Map, head == Map16 ? 2 : 4),
        _ => (MessagePackKind.Absent, 0),
    };

    /// <summary>
    /// How a value goes on behind its first byte: the width of its length in bytes, the bytes of content besides that length, and how many values
    /// every unit of the length stands for (0 where it counts bytes).
    /// </summary>
    public static (int Width, int Content, int Values) ShapeOf(byte head) => head switch
    {
        < 0xa0 or >= 0xe0 => default,
        < 0xc0 => (0, head & 0x1f, 0),
        Float32 => (0, 4, 0),
        Float64 => (0, 8, 0),
        >= UInt8 and <= Int64 => (0, 1 << ((head - UInt8) & 3), 0),
        >= FixExt1 and <= FixExt16 => (0, 1 + (1 << (head - FixExt1)), 0),
        _ => SizedBy(head) switch
        {
            (MessagePackKind.Array, var width) => (width, 0, 1),
            (MessagePackKind.Map, var width) => (width, 0, 2),
            (MessagePackKind.Extension, var width) => (width, 1, 0),
            (_, var width) => (width, 0, 0),
        },
    };

    /// <summary>How many values follow a small map's or array's first byte.</summary>
    public static int SmallCount(byte head) => head switch
    {
        >= 0x80 and < 0x90 => 2 * (head & 0x0f),
        >= 0x90 and < 0xa0 => head & 0x0f,
        _ => 0,
    };
}
