using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace KpiStream.Ingest.Sources.Configuration;

/// <summary>Turns YAML text into its top-level section; mistakes of syntax are named with their line.</summary>
internal static class YamlText
{
    /// <summary>The deepest nesting read. Our files need five levels; the reader recurses, so the depth must have an end.</summary>
    private const int MaxDepth = 32;

    /// <summary>The top-level section, empty for a file of comments only; null when the text is not readable YAML of that shape.</summary>
    public static YamlSection? Parse(string text, ProblemLog log)
    {
        try
        {
            return IsPlain(text, log) ? Load(text, log) : null;
        }
        catch (YamlException mistake)
        {
            log.Add((int)mistake.Start.Line, "", $"not readable as YAML: {mistake.Message}");
            return null;
        }
    }

    private static YamlSection? Load(string text, ProblemLog log)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        var root = stream.Documents.Count == 0 ? new YamlMappingNode() : stream.Documents[0].RootNode;
        if (stream.Documents.Count > 1)
        {
            log.Add(stream.Documents[1].RootNode, "", "one file holds one document; remove the line '---'");
            return null;
        }

        if (root is YamlScalarNode { Value: null or "" })
        {
            root = new YamlMappingNode();
        }

        if (root is YamlMappingNode mapping)
        {
            return new YamlSection("", mapping, log);
        }

        log.Add(root, "", "the file must be a list of 'key: value' lines");
        return null;
    }

    /// <summary>
    /// Looks at the text as a flat row of events first: anchors (which can grow without bound) and bottomless nesting
    /// (which would exhaust the stack) are refused before anything is built.
    /// </summary>
    private static bool IsPlain(string text, ProblemLog log)
    {
        var parser = new Parser(new StringReader(text));
        var depth = 0;
        while (parser.MoveNext())
        {
            var current = parser.Current!;
            depth += current.NestingIncrease;
            if (depth > MaxDepth)
            {
                log.Add((int)current.Start.Line, "", $"nested deeper than {MaxDepth} levels");
                return false;
            }

            if (current is AnchorAlias or NodeEvent { Anchor.IsEmpty: false })
            {
                log.Add((int)current.Start.Line, "", "anchors (&name) and aliases (*name) are not read here; write the value out");
                return false;
            }
        }

        return true;
    }
}
