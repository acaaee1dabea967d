namespace KpiStream.Ingest.Sources.Files;

/// <summary>
/// What text most likely is that holds no events, by its first bytes. Only ever said, and acted upon by nobody: a stream may begin with a bad line.
/// </summary>
internal static class TextForm
{
    public const int MostLookedAt = 4_096;

    /// <summary>What the text looks like and what to do, as in "FILE begins like …"; null where it begins like an event.</summary>
    public static string? Guess(ReadOnlySpan<byte> text)
    {
        text = text[..Math.Min(text.Length, MostLookedAt)];
        text = text.StartsWith((ReadOnlySpan<byte>)[0xef, 0xbb, 0xbf]) ? text[3..] : text;
        text = text.TrimStart(" \t\r\n"u8);
        var end = text.IndexOf((byte)'\n');
        var first = (end < 0 ? text : text[..end]).TrimEnd(" \t\r"u8);
        return first switch
        {
            [] => null,
            [var form, ..] when PackedSplitter.Recognises(form) => null,
            [(byte)'{'] or [(byte)'{', .., (byte)','] =>
                "one JSON object over several lines: write every event on a line of its own, for example with jq -c . FILE",
            [(byte)'{', ..] => null,
            [(byte)'[', ..] => "an array of JSON: write its events one a line, for example with jq -c '.[]' FILE",
            [(byte)'<', ..] => "an HTML or XML document, perhaps an error page in the place of a download: fetch the file again",
            _ when IsBinary(first) => "no text at all: check what the file is, for example with file FILE",
            _ when first.IndexOfAny((byte)',', (byte)';', (byte)'\t') > 0 => "a table (CSV): export the events as one JSON object a line",
            _ => "plain text: give a file of one JSON object a line",
        };
    }

    private static bool IsBinary(ReadOnlySpan<byte> line) => line.IndexOfAnyInRange((byte)0, (byte)8) >= 0;
}
