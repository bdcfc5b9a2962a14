using LLMOS.Inference.Gguf;
using ModelForge.Tokenization;

namespace ModelForge.Training;

/// <summary>Writes a trained model as GGUF: what llama.cpp needs to compute the same, the vocabulary, and the chat template.</summary>
internal static class ModelExport
{
    /// <summary>The key of the vocabulary's fingerprint, by which a model is known that was trained with another one of as many tokens.</summary>
    public const string VocabularyKey = "modelforge.vocabulary";

    private const string Architecture = "llama";

    /// <summary>Writes the model; norms stay F32.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="layout">The shape.</param>
    /// <param name="parameters">The weights.</param>
    /// <param name="vocabulary">The tokens.</param>
    /// <param name="type">The type of the matrices.</param>
    /// <param name="name">The model's name in its metadata.</param>
    /// <param name="description">One sentence on what it is.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static unsafe void Write(
        string path, ParameterLayout layout, AlignedFloats parameters, Vocabulary vocabulary, GgmlType type, string name, string description)
    {
        layout.Shape.Validate(type);
        var writer = new GgufWriter();
        writer.Add("general.architecture", Architecture);
        writer.Add("general.type", "model");
        writer.Add("general.name", name);
        writer.Add("general.description", description);
        writer.Add("general.license", "mit");
        ShapeMetadata.AddTo(writer, Architecture, layout.Shape, type);
        writer.Add(VocabularyKey, vocabulary.Fingerprint);
        VocabularyMetadata.AddTo(writer, vocabulary, NanoTemplate.Text);
        foreach (var tensor in layout.Tensors)
        {
            writer.AddTensor(tensor.Name, tensor.IsNorm ? GgmlType.F32 : type, tensor.Columns, tensor.Rows, (row, values) =>
                new ReadOnlySpan<float>(parameters.Pointer + tensor.Offset + row * tensor.Columns, tensor.Columns).CopyTo(values));
        }

        writer.Write(path);
    }
}
