using System.Text.Json.Nodes;
using KpiStream.Tests.Support.Oracle;
using MessagePack;

namespace KpiStream.Tests.Support.Formats;

/// <summary>JSON written as MessagePack by the package, whatever it says: also what is no valid event. Shares nothing with the engine's packer.</summary>
public static class PackedJson
{
    /// <summary>The map form.</summary>
    public static byte[] Map(JsonObject node) => MessagePackSerializer.ConvertFromJson(node.ToJsonString());

    /// <summary>The compact array; unknown keys have no place in it.</summary>
    public static byte[] Compact(JsonObject node)
    {
        var stated = EventOracle.Order.Index().Where(key => node.ContainsKey(key.Item)).ToList();
        var mask = stated.Sum(key => 1L << key.Index);
        return MessagePackSerializer.ConvertFromJson(
            new JsonArray([node["v"]?.DeepClone() ?? 1, mask, .. stated.Select(key => node[key.Item]?.DeepClone())]).ToJsonString());
    }
}
