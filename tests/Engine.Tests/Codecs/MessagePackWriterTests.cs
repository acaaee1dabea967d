using KpiStream.Engine.Codecs;
using Xunit;

namespace KpiStream.Engine.Tests.Codecs;

public sealed class MessagePackWriterTests
{
    [Theory]
    [InlineData(0, "00")]
    [InlineData(127, "7F")]
    [InlineData(128, "CC80")]
    [InlineData(255, "CCFF")]
    [InlineData(256, "CD0100")]
    [InlineData(65_535, "CDFFFF")]
    [InlineData(65_536, "CE00010000")]
    [InlineData(4_294_967_295, "CEFFFFFFFF")]
    [InlineData(4_294_967_296, "CF0000000100000000")]
    [InlineData(long.MaxValue, "CF7FFFFFFFFFFFFFFF")]
    [InlineData(-1, "FF")]
    [InlineData(-32, "E0")]
    [InlineData(-33, "D0DF")]
    [InlineData(-128, "D080")]
    [InlineData(-129, "D1FF7F")]
    [InlineData(-32_768, "D18000")]
    [InlineData(-32_769, "D2FFFF7FFF")]
    [InlineData(int.MinValue, "D280000000")]
    [InlineData(int.MinValue - 1L, "D3FFFFFFFF7FFFFFFF")]
    [InlineData(long.MinValue, "D38000000000000000")]
    public void Integers_TakeTheirShortestForm(long value, string hex)
    {
        var room = new byte[MessagePackWriter.LongestHead];
        var writer = new MessagePackWriter(room);
        writer.WriteInteger(value);
        Assert.Equal(hex, Convert.ToHexString(room[..writer.Written]));
        var reader = new MessagePackReader(room.AsSpan(0, writer.Written));
        Assert.True(reader.TryReadInteger(out var back) && reader.IsAtEnd);
        Assert.Equal(value, back);
    }

    [Theory]
    [InlineData(0, "A0", "C400", "90", "80")]
    [InlineData(15, "AF", "C40F", "9F", "8F")]
    [InlineData(31, "BF", "C41F", "DC001F", "DE001F")]
    [InlineData(32, "D920", "C420", "DC0020", "DE0020")]
    [InlineData(255, "D9FF", "C4FF", "DC00FF", "DE00FF")]
    [InlineData(256, "DA0100", "C50100", "DC0100", "DE0100")]
    [InlineData(65_535, "DAFFFF", "C5FFFF", "DCFFFF", "DEFFFF")]
    [InlineData(65_536, "DB00010000", "C600010000", "DD00010000", "DF00010000")]
    public void Lengths_TakeTheirShortestForm(int length, string text, string binary, string array, string map)
    {
        var content = Enumerable.Repeat((byte)'x', length).ToArray();
        Assert.Equal(text, Head((ref MessagePackWriter writer) => writer.WriteText(content), length));
        Assert.Equal(binary, Head((ref MessagePackWriter writer) => writer.WriteBinary(content), length));
        Assert.Equal(array, Head((ref MessagePackWriter writer) => writer.WriteArrayHeader(length), 0));
        Assert.Equal(map, Head((ref MessagePackWriter writer) => writer.WriteMapHeader(length), 0));
    }

    private delegate void Writing(ref MessagePackWriter writer);

    private static string Head(Writing write, int content)
    {
        var room = new byte[content + MessagePackWriter.LongestHead];
        var writer = new MessagePackWriter(room);
        write(ref writer);
        return Convert.ToHexString(room[..(writer.Written - content)]);
    }
}
