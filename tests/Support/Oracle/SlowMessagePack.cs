using System.Numerics;
using MessagePack;

namespace KpiStream.Tests.Support.Oracle;

/// <summary>
/// MessagePack read into objects by the package's own reader, exceptions and all. Values come as in <see cref="SlowJson"/>: integers as numbers, maps as lists
/// of members; a map's key may be any value but a map or an array.
/// </summary>
public static class SlowMessagePack
{
    private const int DeepestLevel = 64;
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>An extension value: its type and its bytes.</summary>
    public sealed record Extension(int Kind, byte[] Content);

    /// <summary>A legal value that no known key holds: binary or a fraction.</summary>
    public sealed record Odd;

    /// <summary>A map's members in their order.</summary>
    public sealed record Map(IReadOnlyList<(object? Name, object? Value)> Members);

    /// <summary>The value of a whole record.</summary>
    /// <returns>False when the bytes are not exactly one legal MessagePack value at most 64 levels deep, with UTF-8 in its strings.</returns>
    public static bool TryParse(byte[] record, out object? value)
    {
        value = null;
        try
        {
            var reader = new MessagePackReader(record);
            value = Value(ref reader, 1);
            return reader.End;
        }
        catch (Exception refusal) when (refusal is MessagePackSerializationException or EndOfStreamException or ArgumentException or OverflowException)
        {
            return false;
        }
    }

    private static object? Value(ref MessagePackReader reader, int level) => reader.NextMessagePackType switch
    {
        MessagePackType.Nil => reader.TryReadNil() ? null : throw new EndOfStreamException(),
        MessagePackType.Boolean => reader.ReadBoolean(),
        MessagePackType.Integer => Integer(ref reader),
        MessagePackType.Float => Skipped(ref reader),
        MessagePackType.Binary => Skipped(ref reader),
        MessagePackType.String => Strict.GetString(reader.ReadStringSequence()!.Value),
        MessagePackType.Extension => reader.ReadExtensionFormat() is var found ? new Extension(found.TypeCode, ToArray(found)) : null,
        MessagePackType.Array => Items(ref reader, level),
        MessagePackType.Map => Members(ref reader, level),
        _ => throw new MessagePackSerializationException("the byte never used"),
    };

    private static byte[] ToArray(ExtensionResult found) => System.Buffers.BuffersExtensions.ToArray(found.Data);

    private static SlowJson.Number Integer(ref MessagePackReader reader)
    {
        var value = reader.NextCode == MessagePackCode.UInt64 ? reader.ReadUInt64() : (BigInteger)reader.ReadInt64();
        return new SlowJson.Number(value.ToString());
    }

    private static Odd Skipped(ref MessagePackReader reader)
    {
        reader.Skip();
        return new Odd();
    }

    private static List<object?> Items(ref MessagePackReader reader, int level)
    {
        Require(level <= DeepestLevel, "too deep");
        var items = new List<object?>();
        for (var left = reader.ReadArrayHeader(); left > 0; left--)
        {
            items.Add(Value(ref reader, level + 1));
        }

        return items;
    }

    private static Map Members(ref MessagePackReader reader, int level)
    {
        Require(level <= DeepestLevel, "too deep");
        var members = new List<(object?, object?)>();
        for (var left = reader.ReadMapHeader(); left > 0; left--)
        {
            var name = Value(ref reader, level + 1);
            Require(name is not (Map or List<object?>), "a map or an array for a key");
            members.Add((name, Value(ref reader, level + 1)));
        }

        return new Map(members);
    }

    private static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new MessagePackSerializationException(what);
        }
    }
}
