using System.Text.Json;
using System.Text.Json.Serialization;

namespace KpiStream.Engine.Boards;

/// <summary>
/// Writes a ratio to six decimals, more than any screen shows: its other digits would be a third of what readers are sent. Down, so that a ratio just below
/// its target stays below it.
/// </summary>
public class ShortRatio : JsonConverter<double>
{
    private const decimal Parts = 1_000_000;

    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDouble();

    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(Round((decimal)value * Parts) / Parts);

    /// <summary>To a whole number.</summary>
    protected virtual decimal Round(decimal parts) => Math.Floor(parts);
}

/// <summary>The same for an upper bound: up.</summary>
public sealed class ShortUpperRatio : ShortRatio
{
    protected override decimal Round(decimal parts) => Math.Ceiling(parts);
}
