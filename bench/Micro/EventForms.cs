namespace KpiStream.Bench.Micro;

/// <summary>The forms of MessagePack an event is measured in.</summary>
public enum EventForm
{
    /// <summary>As recordings keep it: a compact array with pseudonyms.</summary>
    Recorded,

    /// <summary>A compact array with case codes, words as positions and instants as milliseconds.</summary>
    Compact,

    /// <summary>Keys, words and instants as texts.</summary>
    Map,
}

/// <summary>The events of <see cref="EventLines"/> in other forms.</summary>
internal static class EventForms
{
    public static byte[][] Of(EventForm form, GenerateProfile profile) =>
        form == EventForm.Recorded ? Recorded(profile) : Packed(form == EventForm.Map ? PackedForm.Map : PackedForm.Compact, profile);

    /// <summary>A decoder of the form; its codes are its own.</summary>
    public static IEventDecoder Decoder(EventForm form, bool fastPath)
    {
        var limits = DecodeLimits.Default with { FastPath = fastPath };
        return form == EventForm.Recorded ? new RecordedEventDecoder(new CodeBook(), limits) : new EventDecoder(new CodeBook(), PseudonymKey.Fixed, limits);
    }

    private static byte[][] Packed(PackedForm form, GenerateProfile profile)
    {
        var packer = new EventPacker(form);
        return [.. EventLines.Of(profile).Select(line => packer.TryPack(line, out var packed) ? packed.ToArray() : []).Where(record => record.Length > 0)];
    }

    private static byte[][] Recorded(GenerateProfile profile)
    {
        var codes = new CodeBook();
        var decoder = new EventDecoder(codes, PseudonymKey.Fixed, DecodeLimits.Default);
        var writer = new RecordedEventWriter(codes);
        var records = new List<byte[]>();
        foreach (var line in EventLines.Of(profile))
        {
            if (decoder.Decode(line, DecodeLimits.UnknownArrival, out var decoded).IsAccepted)
            {
                records.Add(writer.Write(in decoded).ToArray());
            }
        }

        return [.. records];
    }
}
