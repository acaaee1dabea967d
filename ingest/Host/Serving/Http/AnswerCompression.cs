using System.IO.Compression;
using Microsoft.AspNetCore.ResponseCompression;

namespace KpiStream.Ingest.Host.Serving.Http;

/// <summary>Answers travel compressed to clients that take it; the event stream compresses its own messages, once for all readers.</summary>
internal static class AnswerCompression
{
    private static readonly string[] MoreTypes =
        ["application/problem+json", "application/openapi+json", "text/csv", "image/svg+xml"];

    public static void AddTo(IServiceCollection services)
    {
        services.AddResponseCompression(static options =>
        {
            // No answer holds a secret beside text of the asker's: there is nothing that a length could give away.
            options.EnableForHttps = true;
            options.MimeTypes = ResponseCompressionDefaults.MimeTypes.Concat(MoreTypes);
            options.Providers.Add<BrotliCompressionProvider>();
            options.Providers.Add<GzipCompressionProvider>();
        });
        services.Configure<BrotliCompressionProviderOptions>(static brotli => brotli.Level = CompressionLevel.Fastest);
        services.Configure<GzipCompressionProviderOptions>(static gzip => gzip.Level = CompressionLevel.Fastest);
    }
}
