using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace LLMOS.Client.Workflows;

/// <summary>Loads YAML text as nodes that know their line and column.</summary>
internal static class YamlText
{
    /// <summary>Levels of lists and mappings; a workflow has three.</summary>
    private const int MaxDepth = 16;

    /// <exception cref="LlmosException">It is no YAML, or not one document.</exception>
    public static YamlNode Load(string text, WorkflowSource source)
    {
        try
        {
            EnsureShallow(text, source);
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            return stream.Documents.Count switch
            {
                0 => throw source.Error(Mark.Empty, "the file is empty; a workflow has name, roles and routes."),
                1 => stream.Documents[0].RootNode,
                _ => throw source.Error(stream.Documents[1].RootNode, "a second document begins here; a file has one workflow."),
            };
        }
        catch (YamlException error)
        {
            throw source.Error(error.Start, $"this is not YAML: {Reason(error)}.");
        }
    }

    /// <summary>Looks at the events first: nodes are loaded by recursion, which a deeply nested text would overflow.</summary>
    private static void EnsureShallow(string text, WorkflowSource source)
    {
        var parser = new Parser(new StringReader(text));
        var depth = 0;
        while (parser.MoveNext())
        {
            depth += parser.Current switch
            {
                MappingStart or SequenceStart => 1,
                MappingEnd or SequenceEnd => -1,
                _ => 0,
            };
            if (depth > MaxDepth)
            {
                throw source.Error(parser.Current!.Start, $"more than {MaxDepth} levels are nested here; a workflow needs three.");
            }
        }
    }

    private static string Reason(YamlException error)
    {
        var reason = error.Message.Trim().TrimEnd('.');
        return reason.Length == 0 ? "it cannot be read" : char.ToLowerInvariant(reason[0]) + reason[1..];
    }
}
