using System.Net.Mime;
using Microsoft.Net.Http.Headers;

namespace KpiStream.Ingest.Host.Serving.Access;

/// <summary>What a browser shows in the place of the board to somebody who may not see it, in the language of the board.</summary>
internal static class AccessPage
{
    public const string Unknown = "Màn hình này chưa được cấp quyền, hoặc quyền đã bị thu hồi. "
        + "Mở lại bảng bằng địa chỉ có mã (?token=…) do người vận hành cấp.";
    public const string Forbidden = "Tài khoản hoặc mã này không được xem bảng này. Đề nghị người vận hành cấp quyền.";
    public const string Unavailable = "Không kết nối được máy chủ đăng nhập. "
        + "Thử lại sau ít phút; nếu vẫn không được, báo người vận hành.";
    public const string SignedOut = "Đã đăng xuất.";
    public const string Failed = "Đăng nhập không thành công. "
        + "Mở lại /board để thử lần nữa; nếu vẫn không được, báo người vận hành.";

    private const string ContentSecurityPolicy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

    /// <summary>True for a browser that opens the board.</summary>
    public static bool IsWanted(HttpContext context) => context.Request.Path.Value is "/" or "/board" or "/board/"
        && context.Request.GetTypedHeaders().Accept.Any(static type => type.MediaType.Equals(MediaTypeNames.Text.Html, StringComparison.OrdinalIgnoreCase));

    public static Task WriteAsync(HttpContext context, int status, string sentence, string head = "")
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers[HeaderNames.ContentSecurityPolicy] = ContentSecurityPolicy;
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        context.Response.Headers.CacheControl = "no-store";
        var html = $"<!doctype html><html lang=vi><meta charset=utf-8><meta name=viewport content=\"width=device-width\">{head}"
            + $"<title>KpiStream</title><h1>KpiStream</h1><p>{sentence}</html>\n";
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.WriteAsync(html, context.RequestAborted);
    }
}
