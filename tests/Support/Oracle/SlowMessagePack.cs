using System.Numerics;
using System.Text;

namespace KpiStream.Tests.Support.Oracle;

/// <summary>
/// MessagePack read slowly and by hand from its specification, so that it shares nothing with the readers it checks. Values come as in
/// <see cref="SlowJson"/>: integers as numbers, maps as lists of members; a map's key may be any value but a map or an array.
/// </summary>
public sealed class SlowMessagePack
{
    private const int DeepestLevel = 64;
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);
    private readonly Queue<byte> rest;

    private SlowMessagePack(byte[] record) => rest = new Queue<byte>(record);

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
            var reader = new SlowMessagePack(record);
            value = reader.Value(1);
            return reader.rest.Count == 0;
        }
        catch (Exception trouble) when (trouble is FormatException or ArgumentException)
        {
            return false;
        }
    }

    private byte[] Take(BigInteger count)
    {
        Require(count <= rest.Count, "the record ends too early");
        return [.. Enumerable.Range(0, (int)count).Select(_ => rest.Dequeue())];
    }

    private BigInteger Number(int bytes, bool signed = false) => new(Take(bytes), isUnsigned: !signed, isBigEndian: true);

    private static SlowJson.Number Integer(BigInteger value) => new(value.ToString());

    private object? Value(int level)
    {
        var first = (int)Number(1);
        return first switch
        {
            <= 0x7F => Integer(first),
            <= 0x8F => ReadMap(first - 0x80, level),
            <= 0x9F => ReadArray(first - 0x90, level),
            <= 0xBF => ReadText(first - 0xA0),
            0xC0 => null,
            0xC1 => throw new FormatException("0xc1 is never used"),
            0xC2 => false,
            0xC3 => true,
            <= 0xC6 => Skipped(Number(1 << (first - 0xC4))),
            <= 0xC9 => ReadExtension(Number(1 << (first - 0xC7))),
            0xCA => Skipped(4),
            0xCB => Skipped(8),
            <= 0xCF => Integer(Number(1 << (first - 0xCC))),
            <= 0xD3 => Integer(Number(1 << (first - 0xD0), signed: true)),
            <= 0xD8 => ReadExtension(1 << (first - 0xD4)),
            <= 0xDB => ReadText(Number(1 << (first - 0xD9))),
            <= 0xDD => ReadArray(Number(first == 0xDC ? 2 : 4), level),
            <= 0xDF => ReadMap(Number(first == 0xDE ? 2 : 4), level),
            _ => Integer(first - 256),
        };
    }

    private string ReadText(BigInteger length) => Strict.GetString(Take(length));

    private Odd Skipped(BigInteger length)
    {
        Take(length);
        return new Odd();
    }

    private Extension ReadExtension(BigInteger length) => new((int)Number(1, signed: true), Take(length));

    private List<object?> ReadArray(BigInteger count, int level)
    {
        Require(level <= DeepestLevel, "too deep");
        var items = new List<object?>();
        for (BigInteger i = 0; i < count; i++)
        {
            items.Add(Value(level + 1));
        }

        return items;
    }

    private Map ReadMap(BigInteger count, int level)
    {
        Require(level <= DeepestLevel, "too deep");
        var members = new List<(object?, object?)>();
        for (BigInteger i = 0; i < count; i++)
        {
            var name = Value(level + 1);
            Require(name is not (Map or List<object?>), "a map or an array for a key");
            members.Add((name, Value(level + 1)));
        }

        return new Map(members);
    }

    private static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new FormatException(what);
        }
    }
}
