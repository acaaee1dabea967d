using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace KpiStream.Ingest.Host.Serving.Alerts.Delivery;

/// <summary>A message laid out: plain text, and HTML that any mail program shows.</summary>
internal static class MessagePage
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    /// <summary>Plain text, lines separated by a line feed.</summary>
    public static string Text(DeliveryMessage message, MessageLanguage language)
    {
        var (text, words) = (message.Text(language), Words.Of(language));
        var page = new StringBuilder(text.Line).Append('\n');
        if (text.Facts.Count > 0)
        {
            page.Append('\n').AppendJoin('\n', text.Facts.Select(static fact => $"{fact.Label}: {fact.Value}")).Append('\n');
        }

        if (text.Worst.Count > 0)
        {
            page.Append($"\n{words.Worst}:\n").AppendJoin('\n', text.Worst.Select(static (line, i) => $"{i + 1}. {line}")).Append('\n');
        }

        if (text.Advice.Count > 0)
        {
            page.Append($"\n{words.Advice}:\n").AppendJoin('\n', text.Advice.Select(static line => $"- {line}")).Append('\n');
        }

        return (message.Link is { } link ? page.Append($"\n{words.Link}: {link}\n") : page).ToString().TrimEnd('\n');
    }

    /// <summary>A page without pictures, scripts or anything fetched from elsewhere.</summary>
    public static string Html(DeliveryMessage message, MessageLanguage language)
    {
        var (text, words) = (message.Text(language), Words.Of(language));
        var page = new StringBuilder($"<!DOCTYPE html>\n<html lang=\"{words.Code}\"><head><meta charset=\"utf-8\"><title>{Safe(text.Subject)}</title></head>\n")
            .Append("<body style=\"font-family:sans-serif;font-size:15px;line-height:1.45;color:#1b1f24;max-width:42em\">\n")
            .Append($"<p><strong>{Safe(text.Line)}</strong></p>\n");
        if (text.Facts.Count > 0)
        {
            page.Append("<table cellpadding=\"4\" style=\"border-collapse:collapse\">\n");
            foreach (var (label, value) in text.Facts)
            {
                page.Append($"<tr><th align=\"left\" valign=\"top\" style=\"color:#57606a;font-weight:normal;white-space:nowrap\">{Safe(label)}</th>")
                    .Append($"<td valign=\"top\">{Safe(value)}</td></tr>\n");
            }

            page.Append("</table>\n");
        }

        AppendList(page, words.Worst, "ol", text.Worst);
        AppendList(page, words.Advice, "ul", text.Advice);
        return (message.Link is { } link ? page.Append($"<p><a href=\"{Safe(link)}\">{Safe(words.Link)}</a></p>\n")
            : page).Append("</body></html>\n").ToString();
    }

    private static void AppendList(StringBuilder page, string heading, string kind, IReadOnlyList<string> lines)
    {
        if (lines.Count > 0)
        {
            page.Append($"<p style=\"margin-bottom:0\">{Safe(heading)}:</p>\n<{kind}>\n")
                .AppendJoin("", lines.Select(static line => $"<li>{Safe(line)}</li>\n")).Append($"</{kind}>\n");
        }
    }

    private static string Safe(string text) => Encoder.Encode(text);

    private sealed record Words(string Code, string Worst, string Advice, string Link)
    {
        private static readonly Words Vi = new("vi", "Nghiêm trọng nhất", "Việc cần làm", "Xem chi tiết trên bảng");
        private static readonly Words En = new("en", "The worst", "What to do", "Details on the board");

        public static Words Of(MessageLanguage language) => language == MessageLanguage.En ? En : Vi;
    }
}
