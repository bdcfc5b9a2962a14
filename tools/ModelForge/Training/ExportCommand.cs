using System.CommandLine;
using System.Globalization;
using LLMOS.Inference.Gguf;
using ModelForge.Tokenization;

namespace ModelForge.Training;

/// <summary><c>export</c>: writes a trained model anew, with the chat template as it is now or its matrices in another type.</summary>
internal static class ExportCommand
{
    private static readonly Dictionary<string, GgmlType> Types = new(StringComparer.OrdinalIgnoreCase)
    {
        ["F32"] = GgmlType.F32,
        ["F16"] = GgmlType.F16,
        ["Q8_0"] = GgmlType.Q8_0,
    };

    public static Command Create()
    {
        var model = new Option<string>("--model") { Description = "An exported F16 or F32 model.", Required = true, HelpName = "FILE" };
        var words = new Option<string>("--vocabulary") { Description = "The vocabulary that it was trained with.", Required = true, HelpName = "FILE" };
        var file = new Option<string>("--out") { Description = "The file to write; it may be the same.", Required = true, HelpName = "FILE" };
        var type = TypeOption();
        var command = new Command("export", "Writes a trained model anew: with the chat template of this version, or in another type.") { model, words, file, type };
        command.SetAction(parsed =>
        {
            var matrices = parsed.GetValue(type) ?? GgmlType.F16;
            Run(parsed.GetRequiredValue(model), parsed.GetRequiredValue(words), parsed.GetRequiredValue(file), matrices);
            parsed.InvocationConfiguration.Output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{parsed.GetRequiredValue(file)}: {matrices}, {new FileInfo(parsed.GetRequiredValue(file)).Length:N0} bytes."));
        });
        return command;
    }

    /// <summary>The type of exported matrices.</summary>
    internal static Option<GgmlType?> TypeOption() => new("--type")
    {
        Description = "Of the exported matrices: F32, F16 or Q8_0; F16 when not given.",
        CustomParser = result => CommandOption.OneOf(Types)(result),
        HelpName = "TYPE",
    };

    private static void Run(string path, string words, string target, GgmlType type)
    {
        TrainCommand.EnsureWritable(target);
        GgufFile file;
        try
        {
            file = GgufFile.ReadModel(path);
        }
        catch (GgufException unreadable)
        {
            throw new BadInputException(unreadable.Message, unreadable);
        }

        var vocabulary = VocabularyFile.Load(words);
        var layers = file.Tensors.Count(tensor => tensor.Name.EndsWith(".attn_q.weight", StringComparison.Ordinal));
        var layout = new ParameterLayout(ModelShape.Nano with { Vocabulary = vocabulary.Pieces.Count, Layers = layers });
        using var parameters = new AlignedFloats(layout.Length);
        ModelImport.Read(path, layout, parameters, vocabulary.Fingerprint);
        ModelExport.Write(target, layout, parameters, vocabulary, type, file.Summary.Name ?? "nano", file.Metadata.GetValueOrDefault("general.description")?.Text ?? "");
    }
}
