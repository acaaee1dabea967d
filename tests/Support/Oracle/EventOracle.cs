using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace KpiStream.Tests.Support.Oracle;

/// <summary>
/// The form of events once more, written without a look at the decoders and without regard to speed: what becomes of a native JSON record, as text.
/// Shares nothing with the decoders it checks.
/// </summary>
public sealed partial class EventOracle(long futureTolerance = 600_000, int maxRecordBytes = 65_536, params string[] knownSources)
{
    /// <summary>The known keys in the table's order.</summary>
    public static readonly IReadOnlyList<string> Order =
    [
        "source", "case", "at", "seq", "kind", "status", "procedure", "field", "receiving", "handling", "channel", "filed", "accepted", "due",
        "ended", "fee", "waived", "paid_via", "result", "signed", "returned", "presence", "digitised", "reused", "vneid", "synced", "satisfied", "parent",
        "components_signed", "result_digitised", "stored", "result_synced",
    ];

    /// <summary>The closed vocabularies, words separated by blanks.</summary>
    public static readonly IReadOnlyDictionary<string, string> WordsOf = new Dictionary<string, string>()
    {
        ["kind"] = "case feedback publication",
        ["channel"] = "counter online post",
        ["paid_via"] = "none national local counter",
        ["result"] = "none paper electronic not_required",
        ["returned"] = "none online post counter",
        ["presence"] = "none visit paper on_site",
    };

    private static readonly Dictionary<string, int> LongestText = new()
    {
        ["source"] = 32,
        ["case"] = 64,
        ["procedure"] = 40,
        ["field"] = 40,
        ["receiving"] = 32,
        ["handling"] = 32,
        ["parent"] = 64,
    };

    private static readonly Dictionary<string, (long Least, long Most)> Ranges = new()
    {
        ["seq"] = (0, long.MaxValue),
        ["status"] = (1, 10),
        ["fee"] = (0, 1_000_000_000_000),
    };

    /// <summary>The verdict and, when the record is accepted, every stated key's value as text; null stands for a cleared fact.</summary>
    public sealed record Answer(string Verdict, IReadOnlyDictionary<string, string?> Values);

    /// <summary>Judges a record.</summary>
    /// <param name="arrival">Milliseconds since 1970 UTC; null when unknown, and not looked at outside of the years 2000 to 2099.</param>
    public Answer Judge(byte[] record, long? arrival = null)
    {
        if (IsTooLarge(record))
        {
            return Rejected("too_large");
        }

        if (!SlowJson.TryParse(record, out var value) || value is not List<KeyValuePair<string, object?>> members)
        {
            return Rejected("malformed");
        }

        var last = new Dictionary<string, object?>();
        foreach (var (name, item) in members)
        {
            last[name] = item;
        }

        return JudgeKeys(last, arrival);
    }

    public bool IsTooLarge(byte[] record) => record.Length > maxRecordBytes;

    /// <summary>Judges the last value of every key: null, bool, string, <see cref="SlowJson.Number"/>, or anything else for what no key can hold.</summary>
    public Answer JudgeKeys(IReadOnlyDictionary<string, object?> last, long? arrival)
    {
        if (last.GetValueOrDefault("v") is { } version && version is not SlowJson.Number { Text: "1" })
        {
            return Rejected("unsupported_version");
        }

        if (Order.Take(3).FirstOrDefault(key => last.GetValueOrDefault(key) is null) is { } missing)
        {
            return Rejected("missing:" + missing);
        }

        var values = new Dictionary<string, string?>();
        foreach (var key in Order.Where(last.ContainsKey))
        {
            var written = last[key];
            string? read = null;
            if (written is not null && !TryRead(key, written, out read))
            {
                return Rejected("bad_value:" + key);
            }

            values[key] = read;
        }

        if (arrival is >= 946_684_800_000 and < 4_102_444_800_000 and var arrived
            && long.Parse(values["at"]!) > arrived + futureTolerance)
        {
            return Rejected("from_the_future");
        }

        return knownSources.Length > 0 && !knownSources.Contains(values["source"], StringComparer.Ordinal)
            ? Rejected("unknown_source")
            : new Answer("accepted", values);
    }

    /// <summary>The answer to a record that is rejected for a reason.</summary>
    public static Answer Rejected(string reason) => new(reason, new Dictionary<string, string?>());

    private static bool TryRead(string key, object written, out string? read)
    {
        read = null;
        if (LongestText.TryGetValue(key, out var longest))
        {
            return TryText(key, written, longest, out read);
        }

        if (Ranges.TryGetValue(key, out var range))
        {
            return TryInteger(written, range.Least, range.Most, out read);
        }

        if (WordsOf.TryGetValue(key, out var words))
        {
            read = written as string;
            return read is not null && words.Split(' ').Contains(read, StringComparer.Ordinal);
        }

        if (key is "at" or "filed" or "accepted" or "due" or "ended")
        {
            return written is string text && TryInstant(text, out read);
        }

        read = written is true ? "true" : "false";
        return written is bool;
    }

    private static bool TryText(string key, object written, int longest, out string? read)
    {
        read = written as string;
        if (read is null || HasLoneSurrogate(read) || Encoding.UTF8.GetByteCount(read) > longest)
        {
            return false;
        }

        if (read.Length > 0)
        {
            return true;
        }

        read = null;
        return key is not ("source" or "case");
    }

    private static bool HasLoneSurrogate(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                return true;
            }
        }

        return false;
    }

    private static bool TryInteger(object written, long least, long most, out string? read)
    {
        read = null;
        if (written is not SlowJson.Number number || number.Text.Any(letter => letter is not '-' and not (>= '0' and <= '9')))
        {
            return false;
        }

        var value = BigInteger.Parse(number.Text);
        read = value.ToString();
        return value >= least && value <= most;
    }

    /// <summary>An instant as milliseconds since 1970 UTC, in decimal digits.</summary>
    public static bool TryInstant(string text, out string? millis)
    {
        millis = null;
        var match = InstantForm().Match(text);
        if (!match.Success || !DateTime.TryParseExact(
            match.Groups["local"].Value, "yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
        {
            return false;
        }

        var thousandths = int.Parse((match.Groups["fraction"].Value + "000")[..3]);
        var minutes = 0;
        if (match.Groups["sign"].Success)
        {
            var hours = int.Parse(match.Groups["hours"].Value);
            var rest = int.Parse(match.Groups["minutes"].Value);
            if (hours > 23 || rest > 59)
            {
                return false;
            }

            minutes = ((hours * 60) + rest) * (match.Groups["sign"].Value == "-" ? -1 : 1);
        }

        var sinceEpoch = (local - DateTime.UnixEpoch).TotalMilliseconds + thousandths - (minutes * 60_000.0);
        var year2000 = (new DateTime(2000, 1, 1) - DateTime.UnixEpoch).TotalMilliseconds;
        var year2100 = (new DateTime(2100, 1, 1) - DateTime.UnixEpoch).TotalMilliseconds;
        millis = sinceEpoch.ToString("F0");
        return sinceEpoch >= year2000 && sinceEpoch < year2100;
    }

    [GeneratedRegex(
        @"\A(?<local>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(\.(?<fraction>[0-9]{1,9}))?"
        + @"(Z|(?<sign>[+-])(?<hours>[0-9]{2}):(?<minutes>[0-9]{2}))\z",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex InstantForm();
}
