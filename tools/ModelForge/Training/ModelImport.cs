using System.Numerics.Tensors;
using LLMOS.Inference.Gguf;

namespace ModelForge.Training;

/// <summary>Takes the weights of an exported model back, so that a training can go on where its checkpoint is gone.</summary>
internal static class ModelImport
{
    /// <summary>Fills <paramref name="parameters"/> with the tensors of a file of the same shape.</summary>
    /// <param name="path">The file.</param>
    /// <param name="layout">The shape.</param>
    /// <param name="parameters">Where the weights go.</param>
    /// <param name="vocabulary">The fingerprint of the vocabulary that it should have been trained with.</param>
    /// <exception cref="TrainingFailedException">The file is of another shape or vocabulary, or its matrices are neither F32 nor F16.</exception>
    public static void Read(string path, ParameterLayout layout, AlignedFloats parameters, string vocabulary)
    {
        GgufFile file;
        try
        {
            file = GgufFile.Read(path);
        }
        catch (GgufException unreadable)
        {
            throw new TrainingFailedException(unreadable.Message, unreadable);
        }

        if (file.Metadata.TryGetValue(ModelExport.VocabularyKey, out var trained) && trained.Text != vocabulary)
            throw new TrainingFailedException($"{path} was trained with another vocabulary, {trained.Text} and not {vocabulary}: give the one that lies beside it.");
        using var handle = File.OpenHandle(path);
        foreach (var tensor in layout.Tensors)
        {
            var stored = file.Tensors.FirstOrDefault(stored => stored.Name == tensor.Name);
            if (stored is null || stored.ElementCount != tensor.Length)
                throw new TrainingFailedException(
                    $"{path} has no tensor {tensor.Name} of {tensor.Rows} × {tensor.Columns} weights: weights are taken only from a model of that shape and vocabulary.");
            var bytes = new byte[stored.Bytes];
            for (var read = 0; read < bytes.Length;)
            {
                var count = RandomAccess.Read(handle, bytes.AsSpan(read), file.DataStart + stored.Offset + read);
                read += count > 0 ? count : throw new TrainingFailedException($"{path} ends in the middle of {tensor.Name}.");
            }

            var values = parameters.Slice(tensor.Offset, tensor.Length);
            Decode(path, stored, bytes, values);
            if (!float.IsFinite(TensorPrimitives.SumOfSquares<float>(values)))
                throw new TrainingFailedException($"{path} has weights in {tensor.Name} that are no numbers: it is damaged.");
        }

        // All that the layout has is there; what is there beyond it would be lost.
        if (file.Tensors.Count != layout.Tensors.Count)
            throw new TrainingFailedException($"{path} has {file.Tensors.Count} tensors, and a model of {layout.Shape.Layers} blocks has {layout.Tensors.Count}: give --layers as it was trained with.");
    }

    private static void Decode(string path, GgufTensor tensor, byte[] bytes, Span<float> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = tensor.Type switch
            {
                GgmlType.F32 => BitConverter.ToSingle(bytes, i * sizeof(float)),
                GgmlType.F16 => (float)BitConverter.ToHalf(bytes, i * 2),
                _ => throw new TrainingFailedException($"{path} has {tensor.Name} in {tensor.Type}; weights are taken from F32 or F16 only."),
            };
        }
    }
}
