using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace KpiStream.Ingest.Host.Serving.Http;

/// <summary>
/// Answers that a client may keep and ask about again: with a weak tag of what they are made of, so that an unchanged one is a 304 without a body, across
/// restarts too.
/// </summary>
internal static class Validated
{
    private const int TagBytes = 12; // 96 bits: no two answers will meet.

    /// <summary>A value as JSON.</summary>
    /// <param name="madeOf">What the tag is made of, for a value in which more than that changes, like the clock; null for the value itself.</param>
    public static IResult Json<T>(HttpContext context, T value, object? madeOf = null)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(value, ApiJson.Options);
        return Bytes(context, json, "application/json; charset=utf-8", madeOf is null ? json : JsonSerializer.SerializeToUtf8Bytes(madeOf, ApiJson.Options));
    }

    /// <param name="madeOf">What the tag is made of; the content itself when left out.</param>
    /// <param name="fileName">The name under which it is kept; null for what is not kept as a file.</param>
    public static IResult Bytes(HttpContext context, ReadOnlyMemory<byte> content, string contentType, ReadOnlySpan<byte> madeOf, string? fileName = null)
    {
        context.Response.Headers.CacheControl = "no-cache"; // Ask again each time: the tag then spares the body.
        context.Response.Headers.Append(HeaderNames.Vary, HeaderNames.Accept);
        return Results.Bytes(content, contentType, fileName, entityTag: TagOf(madeOf, contentType));
    }

    private static EntityTagHeaderValue TagOf(ReadOnlySpan<byte> madeOf, string contentType)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(madeOf);
        hash.AppendData(Encoding.UTF8.GetBytes(contentType));
        return new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, TagBytes))}\"", isWeak: true);
    }
}
