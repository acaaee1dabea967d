using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace KpiStream.Ingest.Sources.Configuration.Text;

/// <summary>Turns YAML text into its top-level section; mistakes of syntax are named with their line.</summary>
internal static class YamlText
{
    /// <summary>The deepest nesting read. Our files need five levels; the reader recurses, so the depth must have an end.</summary>
    private const int MaxDepth = 32;

    /// <summary>The top-level section, empty for a file of comments only; null when the text is not readable YAML of that shape.</summary>
    public static YamlSection? Parse(string text, ProblemLog log)
    {
        var line = 1;
        try
        {
            return IsPlain(text, log, ref line) ? Load(text, log) : null;
        }
        catch (YamlException mistake)
        {
            log.Add((int)mistake.Start.Line, "", $"not readable as YAML: {mistake.Message}");
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException)
        {
            // YamlDotNet gives up this way on some broken texts, without saying where; it was past the last event it gave.
            log.Add(line, "", "not readable as YAML, here or in the lines below; look for stray quotes, brackets, commas and tabs");
        }

        return null;
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
    private static bool IsPlain(string text, ProblemLog log, ref int line)
    {
        var parser = new Parser(new StringReader(text));
        var depth = 0;
        while (parser.MoveNext())
        {
            var current = parser.Current!;
            line = (int)current.Start.Line;
            depth += current.NestingIncrease;
            if (depth > MaxDepth)
            {
                log.Add(line, "", $"nested deeper than {MaxDepth} levels");
                return false;
            }

            if (current is AnchorAlias or NodeEvent { Anchor.IsEmpty: false })
            {
                log.Add(line, "", "anchors (&name) and aliases (*name) are not read here; write the value out");
                return false;
            }
        }

        line = 1;
        return true;
    }
}
