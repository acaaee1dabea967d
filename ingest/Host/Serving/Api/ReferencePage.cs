using System.Text.Encodings.Web;
using Microsoft.OpenApi;

namespace KpiStream.Ingest.Host.Serving.Api;

/// <summary>The API's document as a page to read: every address, its parameters and answers, and what the answers are made of. No script.</summary>
internal static class ReferencePage
{
    public const string StylePath = "/api/reference.css";

    public static readonly byte[] Style = """
        :root { color-scheme: light dark; font: 16px/1.5 system-ui, "Noto Sans", sans-serif; }
        body { margin: 0 auto; max-width: 64rem; padding: 1rem 1.5rem 4rem; }
        h1 { font-size: 1.8rem; } h2 { border-top: 1px solid; font-size: 1.3rem; margin-top: 2.5rem; padding-top: 1rem; }
        h3 { font-size: 1.05rem; margin: 2rem 0 .3rem; overflow-wrap: anywhere; } h4 { font-size: .95rem; margin: 1rem 0 .2rem; }
        code { font: .95em ui-monospace, monospace; } nav ul { columns: 2; padding-left: 1.2rem; }
        table { border-collapse: collapse; width: 100%; } th, td { border: 1px solid; padding: .25rem .6rem; text-align: left; vertical-align: top; }
        th { font-weight: 600; white-space: nowrap; } .wide { overflow-x: auto; }
        @media (max-width: 40rem) { nav ul { columns: 1; } }
        @media print { nav { display: none; } h3 { break-after: avoid; } }
        """u8.ToArray();

    public static string Write(OpenApiDocument document)
    {
        var page = new StringBuilder();
        page.Append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n")
            .Append($"<title>{Text(document.Info.Title)} API</title>\n<link rel=\"stylesheet\" href=\"{StylePath}\">\n</head>\n<body>\n")
            .Append($"<header><h1>{Text(document.Info.Title)} API {Text(document.Info.Version)}</h1>\n<p>{Text(document.Info.Description)}</p>\n")
            .Append("<p>As a document for programs: <a href=\"/openapi.json\">/openapi.json</a> (OpenAPI 3.1).</p></header>\n")
            .Append("<nav aria-label=\"Addresses\"><ul>\n");
        foreach (var (path, method, _) in Operations(document))
        {
            page.Append($"<li><a href=\"#{Anchor(method, path)}\"><code>{method} {Text(path)}</code></a></li>\n");
        }

        page.Append("</ul></nav>\n<main>\n<h2>Addresses</h2>\n");
        foreach (var (path, method, operation) in Operations(document))
        {
            Append(page, path, method, operation);
        }

        page.Append("<h2>What answers are made of</h2>\n");
        foreach (var (name, schema) in (document.Components?.Schemas ?? new Dictionary<string, IOpenApiSchema>()).OrderBy(static one => one.Key))
        {
            page.Append($"<section id=\"{Text(name)}\"><h3>{Text(name)}</h3>\n{Paragraph(schema.Description)}{Members(schema)}</section>\n");
        }

        return page.Append("</main>\n</body>\n</html>\n").ToString();
    }

    private static IEnumerable<(string Path, string Method, OpenApiOperation Operation)> Operations(OpenApiDocument document) =>
        from path in document.Paths
        orderby path.Key
        from operation in path.Value.Operations ?? []
        orderby operation.Key.Method
        select (path.Key, operation.Key.Method, operation.Value);

    private static void Append(StringBuilder page, string path, string method, OpenApiOperation operation)
    {
        page.Append($"<section id=\"{Anchor(method, path)}\"><h3><code>{method} {Text(path)}</code></h3>\n{Paragraph(operation.Summary)}");
        if (operation.Parameters is { Count: > 0 } parameters)
        {
            Table(page, "Parameters", ["name", "in", "what"], parameters.Select(static parameter => (string[])[
                $"<code>{Text(parameter.Name)}</code>{(parameter.Required ? " (required)" : "")}", Text(parameter.In?.ToString().ToLowerInvariant()),
                Text(parameter.Description) + Words(parameter.Schema)]));
        }

        if (operation.RequestBody?.Content is { } body)
        {
            Table(page, "Body", ["type", "what"], body.Select(static one => (string[])[$"<code>{Text(one.Key)}</code>", Kind(one.Value.Schema)]));
        }

        Table(page, "Answers", ["status", "type", "what"], (operation.Responses ?? []).SelectMany(static answer =>
            answer.Value.Content is { Count: > 0 } content
            ? content.Select(one => (string[])[answer.Key, $"<code>{Text(one.Key)}</code>", Kind(one.Value.Schema)])
            : [[answer.Key, "", Text(answer.Value.Description)]]));
        page.Append("</section>\n");
    }

    private static void Table(StringBuilder page, string heading, string[] columns, IEnumerable<string[]> rows)
    {
        page.Append($"<h4>{heading}</h4>\n<div class=\"wide\"><table><thead><tr>")
            .AppendJoin("", columns.Select(static name => $"<th>{name}</th>")).Append("</tr></thead>\n<tbody>");
        foreach (var row in rows)
        {
            page.Append($"<tr>{string.Concat(row.Select(static cell => $"<td>{cell}</td>"))}</tr>\n");
        }

        page.Append("</tbody></table></div>\n");
    }

    private static string Members(IOpenApiSchema schema)
    {
        if (schema.Properties is not { Count: > 0 } properties)
        {
            return schema.Enum is { Count: > 0 } ? $"<p>One of{Words(schema)}</p>\n" : "";
        }

        var page = new StringBuilder();
        Table(page, "Members", ["name", "type", "what"], properties.Select(static one => (string[])[
            $"<code>{Text(one.Key)}</code>", Kind(one.Value), Text(one.Value.Description)]));
        return page.ToString();
    }

    /// <summary>A type in words, with a link where it has a section of its own.</summary>
    private static string Kind(IOpenApiSchema? schema) => schema switch
    {
        null => "",
        OpenApiSchemaReference { Reference.Id: { } name } => $"<a href=\"#{Text(name)}\">{Text(name)}</a>",
        { OneOf: { Count: > 0 } some } => string.Join(" or ", some.Select(Kind)),
        { Items: { } item } => $"list of {Kind(item)}",
        { AdditionalProperties: { } value } => $"{Kind(value)} by name",
        { Type: { } type } => Text(type.ToString().ToLowerInvariant().Replace(", ", " or ")) + (schema.Format is { } format ? $" ({Text(format)})" : ""),
        _ => "any",
    };

    private static string Words(IOpenApiSchema? schema) =>
        schema?.Enum is { Count: > 0 } words ? $" {string.Join(", ", words.Select(static word => $"<code>{Text(word?.ToString())}</code>"))}." : "";

    private static string Paragraph(string? text) => string.IsNullOrEmpty(text) ? "" : $"<p>{Text(text)}</p>\n";

    private static string Anchor(string method, string path) =>
        $"{method.ToLowerInvariant()}{path.Replace("/", "-").Replace("{", "").Replace("}", "")}";

    private static string Text(string? text) => HtmlEncoder.Default.Encode(text ?? "");
}
