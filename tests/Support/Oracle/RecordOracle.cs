using System.Numerics;

namespace KpiStream.Tests.Support.Oracle;

/// <summary>
/// The same for records of every native form, told apart by the first byte. MessagePack's shorthands are rewritten into what JSON
/// would say, so that <see cref="EventOracle"/> alone knows what values mean.
/// </summary>
public sealed class RecordOracle(EventOracle json)
{
    private static readonly BigInteger EarliestMillis = 946_684_800_000;
    private static readonly BigInteger EndMillis = 4_102_444_800_000;

    /// <summary>No known key can hold this.</summary>
    private static readonly object Impossible = new();

    /// <inheritdoc cref="EventOracle.Judge"/>
    public EventOracle.Answer Judge(byte[] record, long? arrival = null)
    {
        if (json.IsTooLarge(record) || record is not [>= 0x80 and <= 0x9F or >= 0xDC and <= 0xDF, ..])
        {
            return json.Judge(record, arrival);
        }

        var keys = !SlowMessagePack.TryParse(record, out var value) ? null : value is SlowMessagePack.Map map ? KeysOf(map) : KeysOf((List<object?>)value!);
        return keys is null ? EventOracle.Rejected("malformed") : json.JudgeKeys(keys, arrival);
    }

    private static Dictionary<string, object?> KeysOf(SlowMessagePack.Map map)
    {
        var keys = new Dictionary<string, object?>();
        foreach (var (name, value) in map.Members)
        {
            if (name is string text)
            {
                keys[text] = AsJson(text, value);
            }
        }

        return keys;
    }

    /// <summary>The keys of a compact array; null when its shape is wrong.</summary>
    private static Dictionary<string, object?>? KeysOf(List<object?> items)
    {
        if (items is not [var version, SlowJson.Number { Text: var digits }, ..]
            || BigInteger.Parse(digits) is var mask && (mask < 0 || mask >= BigInteger.One << EventOracle.Order.Count))
        {
            return null;
        }

        var stated = EventOracle.Order.Where((_, bit) => !(mask >> bit).IsEven).ToList();
        if (stated.Count != items.Count - 2)
        {
            return null;
        }

        var keys = stated.Zip(items.Skip(2)).ToDictionary(pair => pair.First, pair => AsJson(pair.First, pair.Second));
        keys["v"] = AsJson("v", version);
        return keys;
    }

    private static object? AsJson(string key, object? value) => value switch
    {
        null or bool or string => value,
        SlowJson.Number number => OfNumber(key, number),
        SlowMessagePack.Extension { Kind: -1 } stamp when IsInstant(key) => MillisOf(stamp.Content) is { } millis ? InstantText(millis) : Impossible,
        _ => Impossible,
    };

    private static bool IsInstant(string key) => key is "at" or "filed" or "accepted" or "due" or "ended";

    private static object OfNumber(string key, SlowJson.Number number)
    {
        var value = BigInteger.Parse(number.Text);
        if (EventOracle.WordsOf.TryGetValue(key, out var words))
        {
            var list = words.Split(' ');
            return value >= 0 && value < list.Length ? list[(int)value] : Impossible;
        }

        return IsInstant(key) ? InstantText(value) : number;
    }

    private static object InstantText(BigInteger millis) => millis >= EarliestMillis && millis < EndMillis
        ? DateTimeOffset.FromUnixTimeMilliseconds((long)millis).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'")
        : Impossible;

    /// <summary>The timestamp extension of the MessagePack specification, truncated to the millisecond; null when it is none.</summary>
    private static BigInteger? MillisOf(byte[] content)
    {
        BigInteger Part(Range range, bool signed = false) => new(content.AsSpan(range), isUnsigned: !signed, isBigEndian: true);
        var (seconds, nanos) = content.Length switch
        {
            4 => (Part(..), BigInteger.Zero),
            8 => (Part(..) % (BigInteger.One << 34), Part(..) >> 34),
            12 => (Part(4.., signed: true), Part(..4)),
            _ => (0, BigInteger.MinusOne),
        };
        return nanos < 0 || nanos >= 1_000_000_000 ? null : (seconds * 1000) + (nanos / 1_000_000);
    }
}
