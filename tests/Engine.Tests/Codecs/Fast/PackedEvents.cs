namespace KpiStream.Engine.Tests.Codecs.Fast;

/// <summary>The golden streams as MessagePack.</summary>
internal static class PackedEvents
{
    public const string Recorded = "recorded";

    /// <summary>The events of a stream in a form: <see cref="Recorded"/>, <c>compact</c> or <c>map</c>.</summary>
    public static List<byte[]> Of(string form, string stream)
    {
        var lines = GoldenFiles.Lines(stream).Where(line => line.Length < 3_000);
        return form == Recorded ? RecordedFrom(lines) : Packed(form == "map" ? PackedForm.Map : PackedForm.Compact, lines);
    }

    /// <summary>A decoder of a form.</summary>
    public static IEventDecoder Decoder(string form, CodeBook codes, DecodeLimits limits) =>
        form == Recorded ? new RecordedEventDecoder(codes, limits) : new EventDecoder(codes, PseudonymKey.Fixed, limits);

    private static List<byte[]> Packed(PackedForm form, IEnumerable<byte[]> lines)
    {
        var packer = new EventPacker(form);
        var records = new List<byte[]>();
        foreach (var line in lines)
        {
            if (packer.TryPack(line, out var packed))
            {
                records.Add(packed.ToArray());
            }
        }

        return records;
    }

    private static List<byte[]> RecordedFrom(IEnumerable<byte[]> lines)
    {
        var codes = new CodeBook();
        var decoder = new EventDecoder(codes, PseudonymKey.Fixed, DecodeLimits.Default);
        var writer = new RecordedEventWriter(codes);
        var records = new List<byte[]>();
        foreach (var line in lines)
        {
            if (decoder.Decode(line, DecodeLimits.UnknownArrival, out var decoded).IsAccepted)
            {
                records.Add(writer.Write(in decoded).ToArray());
            }
        }

        return records;
    }
}
