using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace LLMOS.Client.Workflows;

/// <summary>The file a workflow is read from, for errors that say where in it.</summary>
/// <param name="File">Its path, as the user named it.</param>
internal sealed record WorkflowSource(string File)
{
    public LlmosException Error(YamlNode node, string sentence) => Error(node.Start, sentence);

    /// <summary>An error at a place. It quotes the file, so control characters, which a terminal would obey, are replaced.</summary>
    public LlmosException Error(Mark mark, string sentence) => LlmosException.InvalidArgument(string.Create(
        CultureInfo.InvariantCulture,
        $"{File}:{Math.Max(1, mark.Line)}:{Math.Max(1, mark.Column)}: {string.Concat(sentence.Select(c => char.IsControl(c) ? '\uFFFD' : c))}"));
}
