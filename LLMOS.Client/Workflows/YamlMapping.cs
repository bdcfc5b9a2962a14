using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace LLMOS.Client.Workflows;

/// <summary>A mapping whose keys are known beforehand, read with errors that say where they are.</summary>
internal sealed class YamlMapping
{
    private readonly WorkflowSource _source;
    private readonly string _what;
    private readonly YamlNode _node;
    private readonly Dictionary<string, YamlNode> _values = [];

    /// <param name="source">The file, for errors.</param>
    /// <param name="node">The mapping.</param>
    /// <param name="what">What it describes, such as "a role".</param>
    /// <param name="keys">The keys it may have.</param>
    public YamlMapping(WorkflowSource source, YamlNode node, string what, params ReadOnlySpan<string> keys)
    {
        _source = source;
        _what = what;
        _node = node;
        var known = string.Join(", ", keys.ToArray());
        if (node is not YamlMappingNode mapping)
        {
            throw source.Error(node, $"{what} is written as keys and values: {known}.");
        }

        foreach (var (key, value) in mapping.Children)
        {
            if (key is not YamlScalarNode { Value: { } name } || !keys.Contains(name))
            {
                throw source.Error(key, $"unknown key '{Shorten(key)}'; {what} has {known}.");
            }

            _values.Add(name, value);
        }
    }

    public YamlNode NodeOf(string key) => _values.GetValueOrDefault(key, _node);

    public bool Has(string key) => _values.TryGetValue(key, out var node) && node is not YamlScalarNode { Style: ScalarStyle.Plain, Value: "" or "~" or "null" };

    public string Text(string key)
    {
        Require(key);
        if (_values[key] is not YamlScalarNode { Value: { } text })
        {
            throw _source.Error(_values[key], $"'{key}' of {_what} is one text.");
        }

        return text.Trim() is { Length: > 0 } trimmed ? trimmed : throw _source.Error(_values[key], $"'{key}' of {_what} is empty: give it a text.");
    }

    public string Text(string key, string otherwise) => Has(key) ? Text(key) : otherwise;

    public long Whole(string key, long otherwise, long least, long most)
    {
        if (!Has(key))
        {
            return otherwise;
        }

        var text = Text(key);
        return long.TryParse(text.Replace("_", "", StringComparison.Ordinal), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most
                ? number
                : throw _source.Error(_values[key], $"'{key}' of {_what} is '{Shorten(_values[key])}': use a whole number from {least} to {most}.");
    }

    public float Number(string key, float otherwise, float least, float most)
    {
        if (!Has(key))
        {
            return otherwise;
        }

        return float.TryParse(Text(key), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw _source.Error(_values[key], $"'{key}' of {_what} is '{Shorten(_values[key])}': use a number from {least} to {most}.");
    }

    public IReadOnlyList<YamlNode> List(string key, int most)
    {
        Require(key);
        if (_values[key] is not YamlSequenceNode { Children: { Count: > 0 } children })
        {
            throw _source.Error(_values[key], $"'{key}' of {_what} is a list with at least one entry, each after a dash.");
        }

        return children.Count <= most ? [.. children] : throw _source.Error(children[most], $"'{key}' of {_what} has {children.Count} entries; at most {most} are allowed.");
    }

    private void Require(string key)
    {
        if (!Has(key))
        {
            throw _source.Error(NodeOf(key), $"{_what} has no '{key}': add it.");
        }
    }

    private static string Shorten(YamlNode node)
    {
        var text = node is YamlScalarNode scalar ? scalar.Value ?? "" : node.ToString();
        text = text.ReplaceLineEndings(" ");
        return text.Length <= 60 ? text : text[..60] + "…";
    }
}
