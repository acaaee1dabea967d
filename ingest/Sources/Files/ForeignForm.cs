namespace KpiStream.Ingest.Sources.Files;

/// <summary>
/// A form that holds no events as it stands, known by a file's first bytes: compressed in a way that is not read here, text in another encoding, or something
/// else altogether. None of them can begin a line of JSON in UTF-8, a MessagePack map or array, or gzip.
/// </summary>
/// <param name="What">What the file is, as in "FILE is …".</param>
/// <param name="Advice">What to do; FILE stands for its name.</param>
public sealed record ForeignForm(string What, string Advice)
{
    /// <summary>What of a file shows every form that is known: a block of tar.</summary>
    public const int MostLookedAt = 512;

    private const int MagicOfTarAt = 257;
    private const string ToUtf8 = "convert it to UTF-8 first, for example iconv -f {0} -t UTF-8 FILE | kpistream replay -";
    private const string Unpack = "unpack it on the way, {0} FILE | kpistream replay -";
    private const string Convert = "export the events as one JSON object a line";

    private static readonly ForeignForm Recording = new("a recording, which is not read from a pipe or packed", "give the file itself by its name");

    private static readonly (byte[] Begins, ForeignForm Form)[] Known =
    [
        ([0xff, 0xfe], Utf16("UTF-16LE")),
        ([0xfe, 0xff], Utf16("UTF-16BE")),
        ([(byte)'{', 0], Utf16("UTF-16LE")),
        ([0, (byte)'{'], Utf16("UTF-16BE")),
        ([(byte)'[', 0], Utf16("UTF-16LE")),
        ([0, (byte)'['], Utf16("UTF-16BE")),
        ([0, 0, 0xfe, 0xff], new("text in UTF-32", Format(ToUtf8, "UTF-32"))),
        ([0, 0, 0, (byte)'{'], new("text in UTF-32", Format(ToUtf8, "UTF-32BE"))),
        ([0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0], Packed("xz", "xz -dc")),
        ([0x28, 0xb5, 0x2f, 0xfd], Packed("Zstandard", "zstd -dc")),
        ([(byte)'P', (byte)'K', 3, 4], new("a ZIP archive, or an Office document", Format(Unpack, "unzip -p") + "; of a spreadsheet, " + Convert)),
        ([(byte)'P', (byte)'K', 5, 6], new("an empty ZIP archive", "pack it again, or leave it out")),
        ([(byte)'B', (byte)'Z', (byte)'h'], Packed("bzip2", "bzip2 -dc")),
        ([0x04, 0x22, 0x4d, 0x18], Packed("LZ4", "lz4 -dc")),
        ([(byte)'7', (byte)'z', 0xbc, 0xaf, 0x27, 0x1c], Packed("7-Zip", "7z e -so")),
        ([0x1f, 0x9d], Packed("compress (.Z)", "gzip -dc")),
        ("Rar!"u8.ToArray(), Packed("RAR", "unrar p -inul")),
        ("%PDF-"u8.ToArray(), new("a PDF document", Convert)),
        ([0xd0, 0xcf, 0x11, 0xe0], new("an old Office document", Convert)),
        ("PAR1"u8.ToArray(), new("a Parquet file", Convert)),
        ([(byte)'O', (byte)'b', (byte)'j', 1], new("an Avro file", Convert)),
        ("SQLite format 3\0"u8.ToArray(), new("an SQLite database", Convert)),
        ([0x89, (byte)'K', (byte)'P', (byte)'I'], Recording),
    ];

    /// <summary>Looks at a file's first bytes.</summary>
    /// <param name="head">The first bytes.</param>
    /// <param name="form">The form that they show; null for none.</param>
    /// <returns>True when more bytes could show a form.</returns>
    public static bool Look(ReadOnlySpan<byte> head, out ForeignForm? form)
    {
        form = null;
        var isOpen = false;
        foreach (var (begins, known) in Known)
        {
            if (head.StartsWith(begins))
            {
                form = known;
                return false;
            }

            isOpen |= begins.AsSpan().StartsWith(head);
        }

        return isOpen;
    }

    /// <summary>Looks at the first <see cref="MostLookedAt"/> bytes of what is read as events, unpacked where it was gzip.</summary>
    public static ForeignForm? Within(ReadOnlySpan<byte> head)
    {
        Look(head, out var form);
        return form ?? (head.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b]) ? Packed("gzip twice", "gzip -dc")
            : head.Length > MagicOfTarAt && head[MagicOfTarAt..].StartsWith("ustar"u8) ? new("a tar archive", Format(Unpack, "tar -xOf")) : null);
    }

    /// <summary>True for a line, an object or a value of MessagePack: nothing that more bytes would show to be another form.</summary>
    public static bool BeginsLikeEvents(ReadOnlySpan<byte> head) => head is [(byte)'{', ..] || head.Contains((byte)'\n')
        || (head.Length > 0 && PackedSplitter.Recognises(head[0]));

    /// <summary>One sentence for the operator.</summary>
    public string Say(string name) => $"{name} is {What}, and holds no events as it stands: {Advice.Replace("FILE", name)}.";

    /// <summary>One sentence for the operator about a form that stands in gzip.</summary>
    public string SayPacked(string name) => this == Recording ? $"{name} is a gzipped recording: unpack it first (gunzip {name}), and give what it leaves."
        : $"{name} is gzip, and inside {What}, which holds no events as it stands: unpack it first (gunzip {name}), and give what it leaves.";

    private static ForeignForm Utf16(string encoding) => new("text in UTF-16", Format(ToUtf8, encoding));

    private static ForeignForm Packed(string name, string command) => new($"compressed with {name}", Format(Unpack, command));

    private static string Format(string sentence, string word) => sentence.Replace("{0}", word);
}
