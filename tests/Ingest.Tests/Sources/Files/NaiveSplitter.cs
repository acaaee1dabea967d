using System.Security.Cryptography;

namespace KpiStream.Ingest.Tests.Sources.Files;

/// <summary>The rules for lines, written down once more over a whole array.</summary>
internal static class NaiveSplitter
{
    public static List<CollectingSink.Record> Split(byte[] text, int limit, int file = 0)
    {
        var records = new List<CollectingSink.Record>();
        var start = text is [0xEF, 0xBB, 0xBF, ..] ? 3 : 0;
        for (long line = 1; start < text.Length; line++)
        {
            var end = Array.IndexOf(text, (byte)'\n', start);
            end = end < 0 ? text.Length : end;
            var bytes = text[start..end];
            start = end + 1;
            var position = new SourcePosition(file, line);
            if (Array.TrueForAll(bytes, character => character is (byte)' ' or (byte)'\t' or (byte)'\r'))
            {
                continue;
            }

            records.Add(bytes.Length > limit
                ? new(position, DecodeLimits.UnknownArrival, Convert.ToHexString(SHA256.HashData(bytes)), bytes.Length)
                : new(position, DecodeLimits.UnknownArrival, Convert.ToHexString(bytes), -1));
        }

        return records;
    }
}
