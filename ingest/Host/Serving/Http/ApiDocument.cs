using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace KpiStream.Ingest.Host.Serving.Http;

/// <summary>The API's OpenAPI 3.1 document: the framework makes it from the routes, and from the parameters they declare.</summary>
internal static class ApiDocument
{
    public const string Name = "v1";

    public static void AddTo(IServiceCollection services) => services.AddOpenApi(Name, static options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.ShouldInclude = static _ => true;
        options.AddOperationTransformer(static (operation, context, _) =>
        {
            Describe(operation, context.Description.ActionDescriptor.EndpointMetadata.OfType<QueryParameters>().LastOrDefault());
            return Task.CompletedTask;
        });
        options.AddSchemaTransformer(static (schema, _, _) =>
        {
            AnswerNumbers(schema);
            return Task.CompletedTask;
        });
        options.AddDocumentTransformer(static (document, _, _) =>
        {
            Describe(document);
            return Task.CompletedTask;
        });
    });

    /// <summary>Makes the document; the routes do not change while the server runs.</summary>
    public static Task<OpenApiDocument> CreateAsync(IServiceProvider services, CancellationToken cancel) =>
        services.GetRequiredKeyedService<IOpenApiDocumentProvider>(Name).GetOpenApiDocumentAsync(cancel);

    private static void Describe(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo
        {
            Title = "KpiStream",
            Version = typeof(ApiDocument).Assembly.GetName().Version!.ToString(3),
            Description = "Figures of citizens' cases by unit, exact and live. Every GET answers HEAD too, and a weak ETag makes an unchanged answer a 304. "
                + "Answers come compressed (gzip, br). What is not understood is refused with the nearest names. Local time is UTC+7.",
            License = new OpenApiLicense { Name = "MIT", Identifier = "MIT" },
        };

        // HEAD is every GET without its body; two descriptions of one thing would only differ by mistake.
        foreach (var path in document.Paths.Values)
        {
            if (path.Operations?.ContainsKey(HttpMethod.Get) == true)
            {
                path.Operations.Remove(HttpMethod.Head);
            }
        }
    }

    /// <summary>Numbers may be read from text, and are never written as text.</summary>
    private static void AnswerNumbers(OpenApiSchema schema)
    {
        if (schema.Type is { } type && (type.HasFlag(JsonSchemaType.Integer) || type.HasFlag(JsonSchemaType.Number)))
        {
            (schema.Type, schema.Pattern) = (type & ~JsonSchemaType.String, null);
        }
    }

    /// <summary>What a route takes is what it says it takes, however its code reads it.</summary>
    private static void Describe(OpenApiOperation operation, QueryParameters? takes)
    {
        operation.Parameters =
        [
            .. (operation.Parameters ?? []).Where(static parameter => parameter.In == ParameterLocation.Path),
            .. (takes?.All ?? []).Select(static parameter => new OpenApiParameter
            {
                Name = parameter.Name,
                In = ParameterLocation.Query,
                Description = parameter.Meaning,
                Required = parameter.IsRequired,
                Schema = SchemaOf(parameter),
            }),
        ];
    }

    private static OpenApiSchema SchemaOf(QueryParameter parameter)
    {
        var word = new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. parameter.Words.Select(static word => (System.Text.Json.Nodes.JsonNode)word)] };
        return parameter.Repeats ? new OpenApiSchema { Type = JsonSchemaType.Array, Items = word } : word;
    }
}
