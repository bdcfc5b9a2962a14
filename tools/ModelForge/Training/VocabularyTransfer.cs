using System.Numerics.Tensors;
using ModelForge.Tokenization;

namespace ModelForge.Training;

/// <summary>
/// Begins a training from a model of another vocabulary: a piece that both have keeps its embedding, a new one gets the mean of the
/// pieces that the old vocabulary made of it.
/// </summary>
internal static class VocabularyTransfer
{
    /// <summary>Fills the parameters of <paramref name="state"/>.</summary>
    /// <param name="path">The model.</param>
    /// <param name="from">Its vocabulary.</param>
    /// <param name="to">The vocabulary of the new training.</param>
    /// <param name="state">The new training; its shape differs from the model's in the vocabulary only.</param>
    /// <exception cref="TrainingFailedException">The model is of another shape or another vocabulary.</exception>
    public static void Read(string path, Vocabulary from, Vocabulary to, TrainingState state)
    {
        var layout = new ParameterLayout(state.Identity.Shape with { Vocabulary = from.Pieces.Count });
        using var parameters = new AlignedFloats(layout.Length);
        ModelImport.Read(path, layout, parameters, from.Fingerprint);
        foreach (var (old, target) in layout.Tensors.Zip(state.Layout.Tensors))
        {
            if (target != state.Layout.Embedding)
                parameters.Slice(old.Offset, old.Length).CopyTo(state.Parameters.Slice(target.Offset, target.Length));
        }

        var encoder = new SpmEncoder(from);
        var ids = new Dictionary<(TokenType, string), int>();
        for (var id = 0; id < from.Pieces.Count; id++)
            ids[(from.Pieces[id].Type, from.Pieces[id].Text)] = id;
        var width = state.Identity.Shape.Width;
        for (var id = 0; id < to.Pieces.Count; id++)
        {
            var piece = to.Pieces[id];
            int[] parts = ids.TryGetValue((piece.Type, piece.Text), out var same)
                ? [same]
                : encoder.Encode(piece.Text.Replace(Vocabulary.Space, ' '), parseControl: false);
            var row = state.Parameters.Slice(state.Layout.Embedding.Offset + (long)id * width, width);
            foreach (var part in parts)
                TensorPrimitives.Add(row, parameters.Slice(layout.Embedding.Offset + (long)part * width, width), row);
            TensorPrimitives.Divide(row, Math.Max(1, parts.Length), row);
        }
    }
}
