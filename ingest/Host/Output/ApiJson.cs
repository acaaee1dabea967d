using System.Text.Encodings.Web;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace KpiStream.Ingest.Host.Output;

/// <summary>How the API writes JSON: camel case, states in snake case, Vietnamese letters as themselves.</summary>
internal static class ApiJson
{
    private static readonly HashSet<Type> Deltas =
        [typeof(BoardDelta), typeof(BoardUnitDelta), typeof(BoardTrustDelta), typeof(BoardLowVolumeDelta), typeof(BoardListDelta<>)];

    /// <summary>For what is written once and sent to many.</summary>
    public static JsonSerializerOptions Options { get; } = Create(new DefaultJsonTypeInfoResolver());

    /// <summary>For changes: what is null in them has not changed and is left out.</summary>
    public static JsonSerializerOptions Changes { get; } = Create(new DefaultJsonTypeInfoResolver { Modifiers = { LeaveOutUnchanged } });

    private static JsonSerializerOptions Create(DefaultJsonTypeInfoResolver resolver)
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web) { TypeInfoResolver = resolver };
        Configure(options);
        return options;
    }

    private static void LeaveOutUnchanged(JsonTypeInfo type)
    {
        if (Deltas.Contains(type.Type.IsGenericType ? type.Type.GetGenericTypeDefinition() : type.Type))
        {
            foreach (var property in type.Properties)
            {
                property.ShouldSerialize = static (_, value) => value is not null;
            }
        }
    }

    public static void Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        // The answers are JSON and are never put into HTML by this program, so only what JSON itself needs is escaped.
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower));
    }
}
