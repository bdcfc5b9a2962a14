using System.CommandLine;

namespace ModelForge;

/// <summary>The options of a command that say which shape: a preset, and what differs from it.</summary>
internal sealed class ShapeOptions
{
    private static readonly Dictionary<string, ModelShape> Presets = new(StringComparer.OrdinalIgnoreCase)
    {
        ["tiny"] = ModelShape.Tiny,
        ["nano"] = ModelShape.Nano,
        ["125m"] = ModelShape.M125,
    };

    private readonly Option<ModelShape> _preset = new("--preset")
    {
        Description = $"The shape to start from: {string.Join(", ", Presets.Keys)}; tiny when not given.",
        HelpName = "NAME",
        CustomParser = CommandOption.OneOf(Presets),
    };

    private readonly Option<int?> _width = CommandOption.Number<int>("--dim", "Embedding length.");
    private readonly Option<int?> _layers = CommandOption.Number<int>("--layers", "Transformer blocks.");
    private readonly Option<int?> _heads = CommandOption.Number<int>("--heads", "Query heads.");
    private readonly Option<int?> _kvHeads = CommandOption.Number<int>("--kv-heads", "Key and value heads.");
    private readonly Option<int?> _feedForward = CommandOption.Number<int>("--ff", "Feed-forward length.");
    private readonly Option<int?> _vocabulary = CommandOption.Number<int>("--vocab", "Tokens.");
    private readonly Option<int?> _context = CommandOption.Number<int>("--context", "Context length in tokens.");

    public void AddTo(Command command)
    {
        foreach (var option in (ReadOnlySpan<Option>)[_preset, _width, _layers, _heads, _kvHeads, _feedForward, _vocabulary, _context])
            command.Options.Add(option);
    }

    public ModelShape Read(ParseResult parsed)
    {
        var start = parsed.GetValue(_preset) ?? ModelShape.Tiny;
        return new ModelShape(
            parsed.GetValue(_width) ?? start.Width,
            parsed.GetValue(_layers) ?? start.Layers,
            parsed.GetValue(_heads) ?? start.Heads,
            parsed.GetValue(_kvHeads) ?? start.KvHeads,
            parsed.GetValue(_feedForward) ?? start.FeedForward,
            parsed.GetValue(_vocabulary) ?? start.Vocabulary,
            parsed.GetValue(_context) ?? start.ContextLength);
    }
}
