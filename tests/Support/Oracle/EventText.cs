using KpiStream.Engine.Codecs;

namespace KpiStream.Tests.Support.Oracle;

/// <summary>A decoded event and an oracle's answer in one and the same text form, so that they can be compared key by key.</summary>
public static class EventText
{
    /// <summary>What a decoder made of an accepted event, one line per fact.</summary>
    public static string Of(in CaseEvent decoded, CodeBook codes)
    {
        var lines = new List<string> { $"case={decoded.Case}", $"at={decoded.Stamp.At}", $"seq={decoded.Stamp.Seq}" };
        for (var key = CaseKey.Source; key <= CaseKeys.Last; key++)
        {
            if (decoded.States(key))
            {
                lines.Add($"{CaseKeys.NameOf(key)}={ValueOf(key, decoded.Values, codes)}");
            }
            else if (ValueOf(key, decoded.Values, codes) != "null")
            {
                lines.Add($"{CaseKeys.NameOf(key)} is not stated and yet holds {ValueOf(key, decoded.Values, codes)}");
            }
        }

        return string.Join('\n', lines);
    }

    /// <summary>What the oracle says about it, in the same form.</summary>
    public static string Of(EventOracle.Answer answer, PseudonymKey pseudonyms)
    {
        string? Code(string? text) => text is null ? null : pseudonyms.Of(System.Text.Encoding.UTF8.GetBytes(text)).ToString();
        var lines = new List<string> { $"case={Code(answer.Values["case"])}", $"at={answer.Values["at"]}",
            $"seq={answer.Values.GetValueOrDefault("seq") ?? "0"}" };
        for (var key = CaseKey.Source; key <= CaseKeys.Last; key++)
        {
            var name = CaseKeys.NameOf(key);
            if (key is not (CaseKey.Case or CaseKey.At or CaseKey.Seq) && answer.Values.TryGetValue(name, out var value))
            {
                lines.Add($"{name}={(key == CaseKey.Parent ? Code(value) : value) ?? "null"}");
            }
        }

        return string.Join('\n', lines);
    }

    private static string ValueOf(CaseKey key, in Registers values, CodeBook codes) => key switch
    {
        CaseKey.Source => Code(codes.Sources, values.Source),
        CaseKey.Procedure => Code(codes.Procedures, values.Procedure),
        CaseKey.Field => Code(codes.Fields, values.Field),
        CaseKey.Receiving => Code(codes.Units, values.Receiving),
        CaseKey.Handling => Code(codes.Units, values.Handling),
        CaseKey.Filed => Instant(values.Filed),
        CaseKey.Accepted => Instant(values.Accepted),
        CaseKey.Due => Instant(values.Due),
        CaseKey.Ended => Instant(values.Ended),
        CaseKey.Fee => values.FeePlusOne == 0 ? "null" : $"{values.FeePlusOne - 1}",
        CaseKey.Parent => values.Parent == default ? "null" : values.Parent.ToString(),
        CaseKey.Case or CaseKey.At or CaseKey.Seq => "null",
        _ => Packed(key, values.PackedValue(key)),
    };

    private static string Packed(CaseKey key, int code)
    {
        if (code == 0)
        {
            return "null";
        }

        if (key == CaseKey.Status)
        {
            return $"{code}";
        }

        return Words.Of(key) is { } words ? words.List[code - 1] : code == WordLayout.True ? "true" : code == WordLayout.False ? "false" : $"flag {code}";
    }

    private static string Code(CodeTable table, int id) => id == 0 ? "null" : table.Text(id);

    private static string Instant(long millis) => millis == 0 ? "null" : $"{millis}";
}
