using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;
using LLMOS.Inference.Gguf;

namespace ModelForge;

/// <summary><c>random</c>: writes one random model.</summary>
internal static class RandomCommand
{
    private static readonly Dictionary<string, ModelShape> Presets = new(StringComparer.OrdinalIgnoreCase)
    {
        ["tiny"] = ModelShape.Tiny,
        ["125m"] = ModelShape.M125,
    };

    private static readonly Dictionary<string, GgmlType> Types = new(StringComparer.OrdinalIgnoreCase)
    {
        ["F32"] = GgmlType.F32,
        ["F16"] = GgmlType.F16,
        ["Q8_0"] = GgmlType.Q8_0,
        ["Q4_0"] = GgmlType.Q4_0,
    };

    public static Command Create()
    {
        var outFile = new Option<string>("--out") { Description = "The file to write.", Required = true, HelpName = "FILE" };
        var preset = Named("--preset", Presets, "tiny", "The shape to start from");
        var type = Named("--type", Types, "Q8_0", "The type of the matrices");
        var width = Number<int>("--dim", "Embedding length.");
        var layers = Number<int>("--layers", "Transformer blocks.");
        var heads = Number<int>("--heads", "Query heads.");
        var kvHeads = Number<int>("--kv-heads", "Key and value heads.");
        var feedForward = Number<int>("--ff", "Feed-forward length.");
        var vocabulary = Number<int>("--vocab", "Tokens.");
        var context = Number<int>("--context", "Context length in tokens.");
        var seed = Number<ulong>("--seed", "Seed of the weights; 1 when not given.");
        var name = new Option<string>("--name") { Description = "The model's name in its metadata." };
        var multibyte = new Option<bool>("--multibyte") { Description = "Write characters of several bytes too, each byte a token." };
        var command = new Command("random", "Makes a model of random weights: what it writes is noise, what it costs is real.")
        {
            outFile, preset, type, width, layers, heads, kvHeads, feedForward, vocabulary, context, seed, name, multibyte,
        };
        command.SetAction((parsed, cancellationToken) => Task.Run(
            () =>
            {
                var start = parsed.GetRequiredValue(preset);
                var shape = new ModelShape(
                    parsed.GetValue(width) ?? start.Width,
                    parsed.GetValue(layers) ?? start.Layers,
                    parsed.GetValue(heads) ?? start.Heads,
                    parsed.GetValue(kvHeads) ?? start.KvHeads,
                    parsed.GetValue(feedForward) ?? start.FeedForward,
                    parsed.GetValue(vocabulary) ?? start.Vocabulary,
                    parsed.GetValue(context) ?? start.ContextLength);
                var path = parsed.GetRequiredValue(outFile);
                var options = new RandomModelOptions { Name = parsed.GetValue(name), MultibyteText = parsed.GetValue(multibyte) };
                RandomModel.Write(path, shape, parsed.GetRequiredValue(type), parsed.GetValue(seed) ?? 1, options, cancellationToken);
                parsed.InvocationConfiguration.Output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{path}: {shape.ParameterCount:N0} random weights in {parsed.GetRequiredValue(type)}, {new FileInfo(path).Length:N0} bytes."));
                return 0;
            },
            cancellationToken));
        return command;
    }

    private static Option<T> Named<T>(string option, Dictionary<string, T> values, string preset, string description) => new(option)
    {
        Description = $"{description}: {string.Join(", ", values.Keys)}; {preset} when not given.",
        DefaultValueFactory = _ => values[preset],
        CustomParser = result =>
        {
            if (values.TryGetValue(Word(result), out var value))
                return value;
            result.AddError($"{option} must be one of {string.Join(", ", values.Keys)}, not '{Word(result)}'.");
            return default!;
        },
    };

    private static Option<T?> Number<T>(string option, string description)
        where T : struct, INumber<T> => new(option)
        {
            Description = description,
            HelpName = "N",
            CustomParser = result =>
            {
                if (T.TryParse(Word(result), CultureInfo.InvariantCulture, out var value))
                    return value;
                result.AddError($"{option} must be a whole number, not '{Word(result)}'.");
                return null;
            },
        };

    private static string Word(ArgumentResult result) => result.Tokens.Count == 0 ? "" : result.Tokens[^1].Value;
}
