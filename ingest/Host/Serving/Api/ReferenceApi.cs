using KpiStream.Ingest.Host.Serving.Http;
using Microsoft.OpenApi;

namespace KpiStream.Ingest.Host.Serving.Api;

/// <summary>The API's document, <c>/openapi.json</c>, and the page made of it, <c>/api</c>: both written once, when first asked for.</summary>
internal static class ReferenceApi
{
    // The page has no script, and one style sheet of its own.
    private const string ContentSecurityPolicy =
        "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void MapReference(this IEndpointRouteBuilder routes)
    {
        var written = new Lazy<Task<(byte[] Json, byte[] Page)>>(() => WriteAsync(routes.ServiceProvider));
        routes.MapRead("/openapi.json", async (HttpContext http) =>
        {
            var (json, _) = await written.Value;
            return Validated.Bytes(http, json, "application/json; charset=utf-8", json);
        }).Answers<object>("This document, OpenAPI 3.1.").Takes();
        routes.MapRead("/api", async (HttpContext http) =>
        {
            http.Response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
            var (_, page) = await written.Value;
            return Validated.Bytes(http, page, "text/html; charset=utf-8", page);
        }).AnswersText("This document as a page.", "text/html").Takes();
        routes.MapRead(ReferencePage.StylePath, (HttpContext http) =>
            Validated.Bytes(http, ReferencePage.Style, "text/css; charset=utf-8", ReferencePage.Style)).ExcludeFromDescription().Takes();
    }

    private static async Task<(byte[] Json, byte[] Page)> WriteAsync(IServiceProvider services)
    {
        var document = await ApiDocument.CreateAsync(services, CancellationToken.None);
        var json = await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1);
        return (Encoding.UTF8.GetBytes(json), Encoding.UTF8.GetBytes(ReferencePage.Write(document)));
    }
}
