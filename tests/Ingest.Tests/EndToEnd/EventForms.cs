using KpiStream.Tests.Support.Formats;

namespace KpiStream.Ingest.Tests.EndToEnd;

/// <summary>The same events in several forms, each made from the lines by the scripts under <c>tests/Support/Formats</c>.</summary>
/// <param name="Lines">As native JSON.</param>
/// <param name="Forms">The forms by name, native JSON among them.</param>
/// <param name="Profile">A profile file that its JSON forms but the native ones are read by; null where there is none.</param>
internal sealed record EventForms(IReadOnlyList<byte[]> Lines, IReadOnlyDictionary<string, IReadOnlyList<byte[]>> Forms, string? Profile)
{
    public const string National = "national";

    /// <summary>Native events: JSON, and MessagePack in every legal way of writing every value.</summary>
    public static async Task<EventForms> NativeAsync(IReadOnlyList<byte[]> lines, int seed) => new(
        lines,
        new Dictionary<string, IReadOnlyList<byte[]>>()
        {
            ["json"] = lines,
            ["map"] = await FormConverter.ConvertAsync(lines, "map", "random", seed),
            ["compact"] = await FormConverter.ConvertAsync(lines, "compact", "random", seed),
        },
        null);

    /// <summary>What national payloads can say of the same cases: the payloads, and the native events that say so much and no more.</summary>
    /// <param name="lines">Native events.</param>
    /// <param name="seed">What is left to chance depends on it.</param>
    /// <param name="profile">Where the profile is to be written.</param>
    public static async Task<EventForms> NationalAsync(IReadOnlyList<byte[]> lines, int seed, string profile)
    {
        await File.WriteAllTextAsync(profile, ProfileText());
        var native = await NativeAsync(await FormConverter.ConvertAsync(lines, "native-national", seed: seed), seed);
        var payloads = await FormConverter.ConvertAsync(lines, National, seed: seed);
        return native with
        {
            Forms = new Dictionary<string, IReadOnlyList<byte[]>>(native.Forms) { [National] = payloads },
            Profile = profile
        };
    }

    /// <summary>The profile a form is read by; null for native ones.</summary>
    public string? ProfileOf(string form) => form == National ? Profile : null;

    /// <summary>Whether records of a form stand one a line, or one behind the other.</summary>
    public static bool IsText(string form) => form is "json" or National;

    /// <summary>Records as one body or file.</summary>
    public static byte[] Body(string form, IEnumerable<byte[]> records)
    {
        using var body = new MemoryStream();
        foreach (var record in records)
        {
            body.Write(record);
            if (IsText(form))
            {
                body.WriteByte((byte)'\n');
            }
        }

        return body.ToArray();
    }

    /// <summary>
    /// Records for one topic, all forms in turn. Where there are payloads, the native JSON is left out: a topic has one profile, for all its JSON, and
    /// MessagePack is native in any.
    /// </summary>
    public IEnumerable<byte[]> Mixed() =>
        Enumerable.Range(0, Lines.Count).Select(number => InTopic[number % InTopic.Count][number])
            .Concat(Enumerable.Range(0, Lines.Count).Select(number => InTopic[(number + 1) % InTopic.Count][number]));

    private List<IReadOnlyList<byte[]>> InTopic => [.. Forms.Where(form => Profile is null || form.Key != "json").Select(form => form.Value)];

    /// <summary>The shipped national profile with the time from a key: the time of arrival is another on every way.</summary>
    private static string ProfileText() => Shipped.Text("profile-national.yaml").Replace("\nat: record\n", "\n")
        .Replace("\nfacts:\n", "\nfacts:\n  at: {key: ThoiDiemCapNhat}\n");
}
