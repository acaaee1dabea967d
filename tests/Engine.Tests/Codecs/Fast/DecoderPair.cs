using KpiStream.Engine.Codecs.Fast;

namespace KpiStream.Engine.Tests.Codecs.Fast;

/// <summary>Two decoders, one with the fast path and one without, that must say the same of everything, ids included.</summary>
internal sealed class DecoderPair(DecodeLimits? limits = null, SourceProfiles? profiles = null, Func<CodeBook, DecodeLimits, IEventDecoder>? decoder = null)
{
    private readonly CodeBook fastCodes = new();
    private readonly CodeBook slowCodes = new();
    private IEventDecoder? fast;
    private IEventDecoder? slow;

    private IEventDecoder Fast => fast ??= Decoder(fastCodes, limits ?? DecodeLimits.Default);

    private IEventDecoder Slow => slow ??= Decoder(slowCodes, (limits ?? DecodeLimits.Default) with { FastPath = false });

    private long Taken => Fast is RecordedEventDecoder recorded ? recorded.TakenFast : ((EventDecoder)Fast).TakenFast;

    /// <summary>Decodes a record both ways and compares; true when it took the fast path.</summary>
    public bool Compare(byte[] record, long arrival = DecodeLimits.UnknownArrival)
    {
        var before = Taken;
        var said = Fast.Decode(record, arrival, out var decoded);
        var expected = Slow.Decode(record, arrival, out var wanted);
        if (said != expected || (said.IsAccepted && !AreSame(in decoded, in wanted)) || Interned(fastCodes) != Interned(slowCodes))
        {
            Assert.Fail($"{said}, where the judge says {expected}, or another event: {Shown(record)}");
        }

        return Taken > before;
    }

    /// <summary>Checks how many records took the fast path: none where the machine has no vectors.</summary>
    public void AssertTaken(int least, int most) => Assert.InRange(Taken, FastJson.IsSupported ? least : 0, FastJson.IsSupported ? most : 0);

    /// <summary>True when two events are the same in every bit.</summary>
    public static bool AreSame(in CaseEvent left, in CaseEvent right) =>
        left.Case == right.Case && left.Stamp == right.Stamp && left.Stated == right.Stated && left.Values == right.Values;

    public static string Shown(ReadOnlySpan<byte> record) => $"{Encoding.UTF8.GetString(record)} (base64 {Convert.ToBase64String(record)})";

    private IEventDecoder Decoder(CodeBook codes, DecodeLimits chosen) =>
        decoder is null ? new EventDecoder(codes, PseudonymKey.Fixed, chosen, profiles) : decoder(codes, chosen);

    private static (int Sources, int Procedures, int Fields, int Units) Interned(CodeBook codes) =>
        (codes.Sources.Count, codes.Procedures.Count, codes.Fields.Count, codes.Units.Count);
}
