using System.Numerics.Tensors;

namespace ModelForge.Training;

/// <summary>Division by the root mean square, and a weight for each element (Zhang and Sennrich 2019).</summary>
internal static unsafe class RmsNorm
{
    public static void Forward(float* input, float* weights, int rows, int width, float* target, float* scales)
    {
        var weight = new ReadOnlySpan<float>(weights, width);
        for (var row = 0; row < rows; row++)
        {
            var from = new ReadOnlySpan<float>(input + (long)row * width, width);
            var to = new Span<float>(target + (long)row * width, width);
            scales[row] = 1 / MathF.Sqrt(TensorPrimitives.SumOfSquares(from) / width + ShapeMetadata.NormEpsilon);
            TensorPrimitives.Multiply(from, scales[row], to);
            TensorPrimitives.Multiply(to, weight, to);
        }
    }

    /// <summary>Adds the gradient of the input to <paramref name="inputGradient"/> and that of the weights to <paramref name="weightGradient"/>.</summary>
    /// <remarks>
    /// With x̂ = x·s and g = dy·w: dx = s·(g − x̂·mean(g·x̂)). <paramref name="gradient"/> is overwritten.
    /// </remarks>
    public static void Backward(
        float* gradient, float* input, float* weights, float* scales, int rows, int width, float* inputGradient, float* weightGradient)
    {
        var weight = new ReadOnlySpan<float>(weights, width);
        var weightSum = new Span<float>(weightGradient, width);
        Span<float> normalised = stackalloc float[width];
        for (var row = 0; row < rows; row++)
        {
            var g = new Span<float>(gradient + (long)row * width, width);
            var dx = new Span<float>(inputGradient + (long)row * width, width);
            TensorPrimitives.Multiply(new ReadOnlySpan<float>(input + (long)row * width, width), scales[row], normalised);
            TensorPrimitives.MultiplyAdd(g, normalised, weightSum, weightSum);
            TensorPrimitives.Multiply(g, weight, g);
            var mean = TensorPrimitives.Dot<float>(g, normalised) / width;
            TensorPrimitives.MultiplyAdd(g, scales[row], dx, dx);
            TensorPrimitives.MultiplyAdd(normalised, -mean * scales[row], dx, dx);
        }
    }
}
