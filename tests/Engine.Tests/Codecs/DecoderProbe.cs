namespace KpiStream.Engine.Tests.Codecs;

/// <summary>A decoder of native JSON with everything it needs, asked in text and answering in text.</summary>
internal sealed class DecoderProbe
{
    /// <summary>Keys enough for an event to be accepted, without braces.</summary>
    public const string Minimal = """
        "source":"hy","case":"c1","at":"2025-07-01T00:00:00Z"
        """;

    private readonly EventDecoder decoder;

    public DecoderProbe(DecodeLimits? limits = null) => decoder = new EventDecoder(Codes, PseudonymKey.Fixed, limits ?? DecodeLimits.Default);

    public CodeBook Codes { get; } = new();

    /// <summary>What the last accepted event holds.</summary>
    public CaseEvent Decoded { get; private set; }

    /// <summary>The verdict on a record as reports write it.</summary>
    public string Judge(ReadOnlySpan<byte> record, long arrival = DecodeLimits.UnknownArrival)
    {
        var verdict = decoder.Decode(record, arrival, out var decoded);
        Decoded = verdict.IsAccepted ? decoded : default;
        return verdict.ToString();
    }

    public string Judge(string record, long arrival = DecodeLimits.UnknownArrival) => Judge(Encoding.UTF8.GetBytes(record), arrival);

    /// <summary>The verdict on an event with the minimal keys and more.</summary>
    public string JudgeWith(string members) => Judge($"{{{Minimal},{members}}}");

    /// <summary>The verdict on an event whose key has this value; of a repeated key only the last value is used.</summary>
    public string JudgeKey(string key, string value) => JudgeWith($"\"{key}\":{value}");

    /// <summary>The last accepted event, one line per fact.</summary>
    public string Facts() => EventText.Of(Decoded, Codes);

    /// <summary>One fact of the last accepted event: its value as text, <c>null</c> when cleared, and nothing when not stated.</summary>
    public string? Fact(string key) =>
        Facts().Split('\n').FirstOrDefault(line => line.StartsWith(key + '='))?[(key.Length + 1)..];

    public int InternedCodes() => Codes.Sources.Count + Codes.Procedures.Count + Codes.Fields.Count + Codes.Units.Count;
}
