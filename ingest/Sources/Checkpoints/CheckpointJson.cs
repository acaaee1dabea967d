using System.Text.Json;

namespace KpiStream.Ingest.Sources.Checkpoints;

/// <summary>The JSON in a checkpoint's head and end.</summary>
internal static class CheckpointJson
{
    private static readonly JsonSerializerOptions Format = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true };

    public static byte[] Write<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, Format);

    /// <summary>Null when the bytes are no such thing.</summary>
    public static T? TryRead<T>(ReadOnlySpan<byte> json)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, Format);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
