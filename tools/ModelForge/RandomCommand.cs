using System.CommandLine;
using System.Globalization;
using LLMOS.Inference.Gguf;

namespace ModelForge;

/// <summary><c>random</c>: writes one random model.</summary>
internal static class RandomCommand
{
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
        var type = new Option<GgmlType?>("--type") { CustomParser = result => CommandOption.OneOf(Types)(result) };
        type.Description = $"The type of the matrices: {string.Join(", ", Types.Keys)}; Q8_0 when not given.";
        type.HelpName = "NAME";
        var shapes = new ShapeOptions();
        var seed = CommandOption.Number<ulong>("--seed", "Seed of the weights; 1 when not given.");
        var name = new Option<string>("--name") { Description = "The model's name in its metadata." };
        var multibyte = new Option<bool>("--multibyte") { Description = "Write characters of several bytes too, each byte a token." };
        var command = new Command("random", "Makes a model of random weights: what it writes is noise, what it costs is real.")
        {
            outFile, type, seed, name, multibyte,
        };
        shapes.AddTo(command);
        command.SetAction((parsed, cancellationToken) => Task.Run(
            () =>
            {
                var shape = shapes.Read(parsed);
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
}
