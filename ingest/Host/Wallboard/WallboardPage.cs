namespace KpiStream.Ingest.Host.Wallboard;

/// <summary>
/// Serves the wallboard: <c>/board</c> and the files it is made of under <c>/board/</c>, all from this assembly.
/// The page needs nothing from anywhere else: no build step, no fonts, no other host.
/// </summary>
public static class WallboardPage
{
    // Only this origin may feed the page, nothing may be inlined, and no other site may frame it. Forms and plug-ins it has none.
    private const string ContentSecurityPolicy =
        "default-src 'self'; base-uri 'none'; form-action 'none'; object-src 'none'; frame-ancestors 'self'";

    /// <summary>See <see cref="WallboardAsset.Version"/>.</summary>
    public static string Version => WallboardAsset.Version;

    private static readonly string[] Methods = ["GET", "HEAD"];

    /// <summary>
    /// Maps the page and its files. The stream they read (<c>/api/v1/stream</c>) is mapped elsewhere.
    /// The returned group lets the caller add authorization to all of them at once.
    /// </summary>
    public static RouteGroupBuilder MapWallboard(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/board");
        foreach (var asset in WallboardAsset.All)
        {
            group.MapMethods(asset.Route, Methods, context => Send(asset, context)).ExcludeFromDescription();
        }

        return group;
    }

    private static Task Send(WallboardAsset asset, HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer"; // the address may hold a board token
        headers.CacheControl = "no-cache"; // always ask; the tag makes the answer empty when nothing changed, and an upgrade shows at once
        headers.Vary = "Accept-Encoding";
        if (!context.Request.Headers.AcceptEncoding.ToString().Contains("gzip"))
        {
            return Results.Bytes(asset.Content, asset.ContentType, entityTag: asset.Tag).ExecuteAsync(context);
        }

        headers.ContentEncoding = "gzip";
        return Results.Bytes(asset.Packed, asset.ContentType, entityTag: asset.Tag).ExecuteAsync(context);
    }
}
