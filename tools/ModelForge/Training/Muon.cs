using System.Numerics.Tensors;

namespace ModelForge.Training;

/// <summary>
/// Momentum whose step is made orthogonal (Jordan et al. 2024, "Muon"; scaled to the size of AdamW's steps as by Liu et al. 2025,
/// "Muon is scalable for LLM training"). Every direction of a matrix moves equally far, so rare ones are learned sooner than with
/// <see cref="AdamW"/>. For matrices between hidden layers only. One thread.
/// </summary>
internal sealed unsafe class Muon : IDisposable
{
    internal const float Momentum = 0.95f;
    internal const int Iterations = 5;

    /// <summary>Makes the root mean square of a step that of a usual step of AdamW.</summary>
    internal const float StepSize = 0.2f;

    // A quintic that takes singular values between 0 and 1 close to 1 in five iterations (Jordan et al. 2024).
    internal const float Linear = 3.4445f;
    internal const float Cubic = -4.7750f;
    internal const float Quintic = 2.0315f;

    private readonly MatrixMultiplication _product = new();
    private readonly AlignedFloats _step;
    private readonly AlignedFloats _next;
    private readonly AlignedFloats _gram;
    private readonly AlignedFloats _square;

    /// <param name="layout">The model, whose largest matrices decide how much scratch memory is needed.</param>
    public Muon(ParameterLayout layout)
    {
        var matrices = layout.Tensors.Where(IsFor).ToArray();
        var longest = matrices.Max(tensor => tensor.Length);
        var side = matrices.Max(tensor => Math.Min(tensor.Rows, tensor.Columns));
        _step = new AlignedFloats(longest);
        _next = new AlignedFloats(longest);
        _gram = new AlignedFloats((long)side * side);
        _square = new AlignedFloats((long)side * side);
    }

    /// <summary>Whether a tensor is a matrix between hidden layers; embeddings and norms stay with <see cref="AdamW"/>.</summary>
    public static bool IsFor(ParameterTensor tensor) => !tensor.IsNorm && tensor.Name.StartsWith("blk.", StringComparison.Ordinal);

    /// <summary>Moves a matrix by one step.</summary>
    /// <param name="tensor">Its shape.</param>
    /// <param name="parameters">The weights.</param>
    /// <param name="gradient">Their gradient; overwritten.</param>
    /// <param name="gradientScale">What the gradient is multiplied with, for clipping.</param>
    /// <param name="momentum">Mean of the gradients.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="weightDecay">The part of a weight that is lost in a step, before <paramref name="rate"/>.</param>
    public void Step(ParameterTensor tensor, Span<float> parameters, Span<float> gradient, float gradientScale, Span<float> momentum, float rate, float weightDecay)
    {
        TensorPrimitives.Multiply(gradient, gradientScale * (1 - Momentum), gradient);
        TensorPrimitives.MultiplyAdd(momentum, Momentum, gradient, momentum);
        var step = _step.Slice(0, tensor.Length);
        // Nesterov's: the momentum as it will be after the same gradient once more.
        TensorPrimitives.MultiplyAdd(momentum, Momentum, gradient, step);
        Orthogonalise(tensor.Rows, tensor.Columns);
        TensorPrimitives.Multiply(parameters, 1 - rate * weightDecay, parameters);
        var scale = -rate * StepSize * MathF.Sqrt(Math.Max(tensor.Rows, tensor.Columns));
        TensorPrimitives.MultiplyAdd(step, scale, parameters, parameters);
    }

    public void Dispose()
    {
        foreach (var scratch in (IDisposable[])[_product, _step, _next, _gram, _square])
            scratch.Dispose();
    }

    /// <summary>Replaces the singular values of the step by ones, nearly: X ← aX + (bA + cA²)X with A = XXᵀ, on the shorter side.</summary>
    private void Orthogonalise(int rows, int columns)
    {
        var step = _step.Slice(0, (long)rows * columns);
        var norm = TensorPrimitives.Norm<float>(step);
        if (norm == 0)
            return;
        TensorPrimitives.Multiply(step, 1 / norm, step);
        var side = Math.Min(rows, columns);
        var next = _next.Slice(0, step.Length);
        var gram = _gram.Slice(0, (long)side * side);
        var square = _square.Slice(0, (long)side * side);
        for (var iteration = 0; iteration < Iterations; iteration++)
        {
            var x = new MatrixView(_step.Pointer, rows, columns, columns);
            var a = new MatrixView(_gram.Pointer, side, side, side);
            _product.MultiplyByOwnTranspose(rows <= columns ? x : x.Transposed, _gram.Pointer, side);
            _product.MultiplyByOwnTranspose(a, _square.Pointer, side);
            TensorPrimitives.Multiply(square, Quintic, square);
            TensorPrimitives.MultiplyAdd(gram, Cubic, square, square);
            var b = new MatrixView(_square.Pointer, side, side, side);
            if (rows <= columns)
                _product.Multiply(b, x, _next.Pointer, columns);
            else
                _product.Multiply(x, b, _next.Pointer, columns);
            TensorPrimitives.MultiplyAdd(step, Linear, next, step);
        }
    }
}
