using System.Buffers.Binary;

namespace KpiStream.Tests.Support.Formats;

/// <summary>Events rewritten from one form into another by <c>convert.py</c>, which shares nothing with the engine's codecs.</summary>
public static class FormConverter
{
    /// <summary>Rewrites records; those that are no valid events are left out.</summary>
    /// <param name="records">Native JSON or MessagePack, one event each.</param>
    /// <param name="to"><c>map</c>, <c>compact</c>, <c>national</c>, <c>native-national</c> or <c>ndjson</c>.</param>
    /// <param name="style"><c>plain</c> for what python3-msgpack writes by itself, <c>random</c> for every legal form of every value.</param>
    /// <param name="seed">What <c>random</c> and the national forms hang on.</param>
    public static async Task<IReadOnlyList<byte[]>> ConvertAsync(IEnumerable<byte[]> records, string to, string style = "plain", int seed = 1)
    {
        string[] arguments = ["--framed", "--frame", "length", "--to", to, "--style", style, "--seed", $"{seed}"];
        return Unframe(await PythonScript.RunAsync("Formats/convert.py", Frame(records), arguments));
    }

    /// <summary>Records each behind its length, four bytes big-endian.</summary>
    public static byte[] Frame(IEnumerable<byte[]> records)
    {
        using var framed = new MemoryStream();
        Span<byte> head = stackalloc byte[sizeof(uint)];
        foreach (var record in records)
        {
            BinaryPrimitives.WriteUInt32BigEndian(head, (uint)record.Length);
            framed.Write(head);
            framed.Write(record);
        }

        return framed.ToArray();
    }

    /// <inheritdoc cref="Frame"/>
    public static IReadOnlyList<byte[]> Unframe(ReadOnlySpan<byte> framed)
    {
        var records = new List<byte[]>();
        while (!framed.IsEmpty)
        {
            var length = (int)BinaryPrimitives.ReadUInt32BigEndian(framed);
            records.Add(framed.Slice(sizeof(uint), length).ToArray());
            framed = framed[(sizeof(uint) + length)..];
        }

        return records;
    }
}
