using System.CommandLine;
using System.Globalization;
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
        var preset = new Option<ModelShape>("--preset") { CustomParser = CommandOption.OneOf(Presets) };
        Describe(preset, "The shape to start from", Presets.Keys, "tiny");
        var type = new Option<GgmlType?>("--type") { CustomParser = result => CommandOption.OneOf(Types)(result) };
        Describe(type, "The type of the matrices", Types.Keys, "Q8_0");
        var width = CommandOption.Number<int>("--dim", "Embedding length.");
        var layers = CommandOption.Number<int>("--layers", "Transformer blocks.");
        var heads = CommandOption.Number<int>("--heads", "Query heads.");
        var kvHeads = CommandOption.Number<int>("--kv-heads", "Key and value heads.");
        var feedForward = CommandOption.Number<int>("--ff", "Feed-forward length.");
        var vocabulary = CommandOption.Number<int>("--vocab", "Tokens.");
        var context = CommandOption.Number<int>("--context", "Context length in tokens.");
        var seed = CommandOption.Number<ulong>("--seed", "Seed of the weights; 1 when not given.");
        var name = new Option<string>("--name") { Description = "The model's name in its metadata." };
        var multibyte = new Option<bool>("--multibyte") { Description = "Write characters of several bytes too, each byte a token." };
        var command = new Command("random", "Makes a model of random weights: what it writes is noise, what it costs is real.")
        {
            outFile, preset, type, width, layers, heads, kvHeads, feedForward, vocabulary, context, seed, name, multibyte,
        };
        command.SetAction((parsed, cancellationToken) => Task.Run(
            () =>
            {
                var start = parsed.GetValue(preset) ?? ModelShape.Tiny;
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
                var matrices = parsed.GetValue(type) ?? GgmlType.Q8_0;
                RandomModel.Write(path, shape, matrices, parsed.GetValue(seed) ?? 1, options, cancellationToken);
                parsed.InvocationConfiguration.Output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{path}: {shape.ParameterCount:N0} random weights in {matrices}, {new FileInfo(path).Length:N0} bytes."));
                return 0;
            },
            cancellationToken));
        return command;
    }

    private static void Describe(Option option, string what, IEnumerable<string> names, string usual)
    {
        option.Description = $"{what}: {string.Join(", ", names)}; {usual} when not given.";
        option.HelpName = "NAME";
    }
}
