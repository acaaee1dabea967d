using System.Text.Json;
using System.Text.Json.Serialization;

namespace KpiStream.Engine.Boards;

/// <summary>
/// Writes a ratio, 0 to 1, to six decimals, more than any screen shows: its other digits would be a third of what readers are sent. Down, so that a ratio just
/// below its target stays below it.
/// </summary>
public class ShortRatio : JsonConverter<double>
{
    private const int Digits = 6;
    private const int Parts = 1_000_000;

    // Ratios of counts below a billion differ by more; less than this is a rounding error.
    private const double Nothing = 5e-10;

    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDouble();

    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
    {
        var scaled = value * Parts;
        var nearest = Math.Round(scaled);
        var left = (int)(Math.Abs(scaled - nearest) < Nothing ? nearest : Round(scaled));
        if (left is <= 0 or >= Parts)
        {
            writer.WriteNumberValue(left / Parts);
            return;
        }

        // Formatted by hand: there are several thousand in a frame.
        Span<byte> text = stackalloc byte[2 + Digits];
        var length = 0;
        for (var place = text.Length - 1; place >= 2; place--)
        {
            text[place] = (byte)('0' + (left % 10));
            length = length == 0 && left % 10 != 0 ? place + 1 : length;
            left /= 10;
        }

        "0."u8.CopyTo(text);
        writer.WriteRawValue(text[..length], skipInputValidation: true);
    }

    /// <summary>To a whole number.</summary>
    protected virtual double Round(double parts) => Math.Floor(parts);
}

/// <summary>The same for an upper bound: up.</summary>
public sealed class ShortUpperRatio : ShortRatio
{
    protected override double Round(double parts) => Math.Ceiling(parts);
}
