using System.Runtime.Intrinsics;

namespace ModelForge.Training;

/// <summary>silu(gate) × up (Shazeer 2020), with gate and up side by side in a row.</summary>
internal static unsafe class SwiGlu
{
    private const int Width = 8;

    public static void Forward(float* gateUp, int rows, int size, float* hidden)
    {
        for (var row = 0; row < rows; row++)
        {
            var gates = gateUp + (long)row * 2 * size;
            var target = hidden + (long)row * size;
            var i = 0;
            for (; i + Width <= size; i += Width)
            {
                var gate = Vector256.Load(gates + i);
                (gate * VectorFunctions.Sigmoid(gate) * Vector256.Load(gates + size + i)).Store(target + i);
            }

            for (; i < size; i++)
                target[i] = gates[i] * Sigmoid(gates[i]) * gates[size + i];
        }
    }

    public static void Backward(float* gateUp, float* hiddenGradient, int rows, int size, float* gradient)
    {
        for (var row = 0; row < rows; row++)
        {
            var gates = gateUp + (long)row * 2 * size;
            var above = hiddenGradient + (long)row * size;
            var target = gradient + (long)row * 2 * size;
            var i = 0;
            for (; i + Width <= size; i += Width)
            {
                var gate = Vector256.Load(gates + i);
                var sigmoid = VectorFunctions.Sigmoid(gate);
                var up = Vector256.Load(gates + size + i);
                var dh = Vector256.Load(above + i);
                (dh * up * sigmoid * (Vector256<float>.One + gate * (Vector256<float>.One - sigmoid))).Store(target + i);
                (dh * gate * sigmoid).Store(target + size + i);
            }

            for (; i < size; i++)
            {
                var sigmoid = Sigmoid(gates[i]);
                target[i] = above[i] * gates[size + i] * sigmoid * (1 + gates[i] * (1 - sigmoid));
                target[size + i] = above[i] * gates[i] * sigmoid;
            }
        }
    }

    private static float Sigmoid(float x) => 1 / (1 + MathF.Exp(-x));
}
