using ILGPU;
using ILGPU.Algorithms;

namespace ModelForge.Training.Gpu;

/// <summary>
/// The layers of <see cref="Transformer"/> that are no matrix product, forwards and backwards, for a GPU. Nothing is added up atomically, so that
/// equal batches give equal gradients to the bit. A kernel that goes through a row does it with one warp of 32 lanes.
/// </summary>
internal static class GpuKernels
{
    /// <summary>Threads of a group whose warps have a row each.</summary>
    public const int GroupSize = 256;

    /// <summary>Lanes of a warp, and elements of a head: a lane has one element.</summary>
    public const int Lanes = 32;

    /// <summary>Warps of a group.</summary>
    public const int Warps = GroupSize / Lanes;

    /// <summary>Rows whose weight gradients of a norm one group adds up.</summary>
    public const int NormRows = 128;

    /// <summary>residual [rows × width] = the embeddings of the tokens.</summary>
    public static void Embed(Index1D index, int width, ArrayView<int> tokens, ArrayView<float> embedding, ArrayView<float> residual) =>
        residual[index] = embedding[tokens[index / width] * width + index % width];

    /// <summary>Adds the rows of each token to its embedding's gradient: a group for each token, a thread for each column.</summary>
    public static void EmbedBackward(
        int width, ArrayView<int> distinct, ArrayView<int> starts, ArrayView<int> rows, ArrayView<float> residualGradient, ArrayView<float> gradient)
    {
        var token = distinct[Grid.IdxX];
        for (var column = Group.IdxX; column < width; column += Group.DimX)
        {
            var sum = 0f;
            for (var i = starts[Grid.IdxX]; i < starts[Grid.IdxX + 1]; i++)
                sum += residualGradient[rows[i] * width + column];
            gradient[token * width + column] += sum;
        }
    }

    /// <summary>Division by the root mean square, times a weight for each element.</summary>
    public static void Norm(int rows, int width, float epsilon, ArrayView<float> input, ArrayView<float> weights, ArrayView<float> target, ArrayView<float> scales)
    {
        var row = Grid.IdxX * Warps + Group.IdxX / Lanes;
        var lane = Group.IdxX % Lanes;
        if (row >= rows)
            return;
        var squares = 0f;
        for (var i = lane; i < width; i += Lanes)
            squares += input[row * width + i] * input[row * width + i];
        var scale = XMath.Rsqrt(Sum(squares) / width + epsilon);
        for (var i = lane; i < width; i += Lanes)
            target[row * width + i] = input[row * width + i] * scale * weights[i];
        if (lane == 0)
            scales[row] = scale;
    }

    /// <summary>Adds the gradient of a norm's input to <paramref name="inputGradient"/>.</summary>
    public static void NormBackward(
        int rows,
        int width,
        ArrayView<float> gradient,
        ArrayView<float> input,
        ArrayView<float> weights,
        ArrayView<float> scales,
        ArrayView<float> inputGradient)
    {
        var row = Grid.IdxX * Warps + Group.IdxX / Lanes;
        var lane = Group.IdxX % Lanes;
        if (row >= rows)
            return;
        var (scale, products) = (scales[row], 0f);
        for (var i = lane; i < width; i += Lanes)
            products += gradient[row * width + i] * weights[i] * input[row * width + i] * scale;
        var mean = Sum(products) / width;
        for (var i = lane; i < width; i += Lanes)
        {
            var at = row * width + i;
            inputGradient[at] += scale * (gradient[at] * weights[i] - input[at] * scale * mean);
        }
    }

    /// <summary>What <see cref="NormRows"/> rows add to the gradient of a norm's weights, in a row of <paramref name="sums"/>.</summary>
    public static void NormWeights(
        int rows, int width, ArrayView<float> gradient, ArrayView<float> input, ArrayView<float> scales, ArrayView<float> sums)
    {
        for (var column = Group.IdxX; column < width; column += Group.DimX)
        {
            var sum = 0f;
            var end = XMath.Min(rows, (Grid.IdxX + 1) * NormRows);
            for (var row = Grid.IdxX * NormRows; row < end; row++)
                sum += gradient[row * width + column] * input[row * width + column] * scales[row];
            sums[Grid.IdxX * width + column] = sum;
        }
    }

    /// <summary>Adds rows to one.</summary>
    public static void AddRows(Index1D column, int rows, int width, ArrayView<float> source, ArrayView<float> target)
    {
        var sum = 0f;
        for (var row = 0; row < rows; row++)
            sum += source[row * width + column];
        target[column] += sum;
    }

    /// <summary>silu(gate) × up, with gate and up side by side in a row.</summary>
    public static void SwiGlu(Index1D index, int size, ArrayView<float> gateUp, ArrayView<float> hidden)
    {
        var gate = gateUp[index / size * 2 * size + index % size];
        hidden[index] = gate * Sigmoid(gate) * gateUp[index / size * 2 * size + size + index % size];
    }

    public static void SwiGluBackward(Index1D index, int size, ArrayView<float> gateUp, ArrayView<float> hiddenGradient, ArrayView<float> gradient)
    {
        var at = index / size * 2 * size + index % size;
        var (gate, up, above) = (gateUp[at], gateUp[at + size], hiddenGradient[index]);
        var sigmoid = Sigmoid(gate);
        gradient[at] = above * up * sigmoid * (1 + gate * (1 - sigmoid));
        gradient[at + size] = above * gate * sigmoid;
    }

    /// <summary>Turns the pairs of <paramref name="heads"/> heads of each row by its position; <paramref name="sign"/> −1 turns back.</summary>
    public static void Turn(
        Index1D index, int heads, int stride, float sign, ArrayView<int> positions, ArrayView<float> cosines, ArrayView<float> sines, ArrayView<float> rows)
    {
        var pairs = heads * (Lanes / 2);
        var (row, pair) = (index / pairs, index % pairs);
        var turn = positions[row] * (Lanes / 2) + pair % (Lanes / 2);
        var at = row * stride + 2 * pair;
        var (cosine, sine) = (cosines[turn], sign * sines[turn]);
        var (first, second) = (rows[at], rows[at + 1]);
        rows[at] = first * cosine - second * sine;
        rows[at + 1] = first * sine + second * cosine;
    }

    /// <summary>Leaves elements out, as <see cref="Dropout"/> says.</summary>
    public static void Drop(Index1D index, uint seed, float share, ArrayView<float> values) => values[index] *= Dropout.Factor(seed, share, index);

    public static void Gather(Index1D index, int width, ArrayView<int> rows, ArrayView<float> source, ArrayView<float> target) =>
        target[index] = source[rows[index / width] * width + index % width];

    public static void Scatter(Index1D index, int width, ArrayView<int> rows, ArrayView<float> source, ArrayView<float> target) =>
        target[rows[index / width] * width + index % width] = source[index];

    /// <summary>
    /// Turns a row of logits into the gradient of the cross-entropy, (softmax − one-hot) × <paramref name="scale"/>; writes the loss in nats and whether the
    /// target was the likeliest token.
    /// </summary>
    public static void Loss(int vocabulary, float scale, ArrayView<int> targets, ArrayView<float> logits, ArrayView<float> losses, ArrayView<int> right)
    {
        var shared = SharedMemory.Allocate<float>(Warps);
        var row = logits.SubView(Grid.IdxX * (long)vocabulary, vocabulary);
        var target = targets[Grid.IdxX];
        var targetLogit = row[target];

        // As the first of equals is taken, a token before the target with the same logit beats it.
        var (largest, better) = (float.MinValue, 0f);
        for (var i = Group.IdxX; i < vocabulary; i += GroupSize)
        {
            largest = XMath.Max(largest, row[i]);
            if (row[i] > targetLogit || (row[i] == targetLogit && i < target))
                better = 1;
        }

        largest = GroupLargest(largest, shared);
        better = GroupLargest(better, shared);
        var sum = 0f;
        for (var i = Group.IdxX; i < vocabulary; i += GroupSize)
        {
            var power = XMath.Exp(row[i] - largest);
            row[i] = power;
            sum += power;
        }

        sum = GroupSum(sum, shared);
        for (var i = Group.IdxX; i < vocabulary; i += GroupSize)
            row[i] = row[i] * (scale / sum) - (i == target ? scale : 0);
        if (Group.IdxX == 0)
        {
            losses[Grid.IdxX] = XMath.Log(sum) + largest - targetLogit;
            right[Grid.IdxX] = better == 0 ? 1 : 0;
        }
    }

    /// <summary>The sum of squares of <paramref name="length"/> elements for each group.</summary>
    public static void Squares(int length, ArrayView<float> values, ArrayView<float> sums)
    {
        var shared = SharedMemory.Allocate<float>(Warps);
        var sum = 0f;
        var end = XMath.Min(values.IntLength, (Grid.IdxX + 1) * length);
        for (var i = Grid.IdxX * length + Group.IdxX; i < end; i += GroupSize)
            sum += values[i] * values[i];
        sum = GroupSum(sum, shared);
        if (Group.IdxX == 0)
            sums[Grid.IdxX] = sum;
    }

    /// <summary>The sum over a warp, in each of its lanes.</summary>
    public static float Sum(float value)
    {
        for (var distance = Lanes / 2; distance > 0; distance /= 2)
            value += Warp.ShuffleXor(value, distance);
        return value;
    }

    /// <summary>The largest of a warp, in each of its lanes.</summary>
    public static float Largest(float value)
    {
        for (var distance = Lanes / 2; distance > 0; distance /= 2)
            value = XMath.Max(value, Warp.ShuffleXor(value, distance));
        return value;
    }

    /// <summary>The sum over a group, in each of its threads.</summary>
    public static float GroupSum(float value, ArrayView<float> shared)
    {
        Group.Barrier();
        value = Sum(value);
        if (Group.IdxX % Lanes == 0)
            shared[Group.IdxX / Lanes] = value;
        Group.Barrier();
        var sum = 0f;
        for (var warp = 0; warp < Warps; warp++)
            sum += shared[warp];
        return sum;
    }

    private static float GroupLargest(float value, ArrayView<float> shared)
    {
        Group.Barrier();
        value = Largest(value);
        if (Group.IdxX % Lanes == 0)
            shared[Group.IdxX / Lanes] = value;
        Group.Barrier();
        var largest = shared[0];
        for (var warp = 1; warp < Warps; warp++)
            largest = XMath.Max(largest, shared[warp]);
        return largest;
    }

    private static float Sigmoid(float x) => 1 / (1 + XMath.Exp(-x));
}
