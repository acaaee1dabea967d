using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using KpiStream.Tests.Support.Oracle;

namespace KpiStream.Tests.Support.Formats;

/// <summary>JSON written as MessagePack in the plainest way, whatever it says: also what is no valid event. Shares nothing with the engine's writer.</summary>
public static class PackedJson
{
    /// <summary>The map form.</summary>
    public static byte[] Map(JsonObject node)
    {
        using var bytes = new MemoryStream();
        Write(bytes, node);
        return bytes.ToArray();
    }

    /// <summary>The compact array; unknown keys have no place in it.</summary>
    public static byte[] Compact(JsonObject node)
    {
        using var bytes = new MemoryStream();
        var stated = EventOracle.Order.Where(node.ContainsKey).ToList();
        Head(bytes, 0xDC, stated.Count + 2);
        Write(bytes, node["v"] ?? JsonValue.Create(1));
        Write(bytes, JsonValue.Create(stated.Sum(key => 1L << EventOracle.Order.Index().First(entry => entry.Item == key).Index)));
        stated.ForEach(key => Write(bytes, node[key]));
        return bytes.ToArray();
    }

    private static void Write(MemoryStream to, JsonNode? node)
    {
        switch (node?.GetValueKind() ?? JsonValueKind.Null)
        {
            case JsonValueKind.Object:
                Head(to, 0xDE, node!.AsObject().Count);
                foreach (var (name, value) in node.AsObject())
                {
                    Text(to, name);
                    Write(to, value);
                }

                break;
            case JsonValueKind.Array:
                Head(to, 0xDC, node!.AsArray().Count);
                node.AsArray().ToList().ForEach(item => Write(to, item));
                break;
            case JsonValueKind.String:
                Text(to, node!.GetValue<string>());
                break;
            case JsonValueKind.Number:
                to.WriteByte(0xD3);
                Span<byte> number = stackalloc byte[sizeof(long)];
                BinaryPrimitives.WriteInt64BigEndian(number, long.Parse(node!.ToJsonString()));
                to.Write(number);
                break;
            default:
                to.WriteByte(node is null ? (byte)0xC0 : node.GetValue<bool>() ? (byte)0xC3 : (byte)0xC2);
                break;
        }
    }

    private static void Text(MemoryStream to, string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        to.WriteByte(0xDB);
        Span<byte> length = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(length, (uint)utf8.Length);
        to.Write(length);
        to.Write(utf8);
    }

    private static void Head(MemoryStream to, byte mark, int count)
    {
        to.WriteByte(mark);
        Span<byte> length = stackalloc byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)count);
        to.Write(length);
    }
}
