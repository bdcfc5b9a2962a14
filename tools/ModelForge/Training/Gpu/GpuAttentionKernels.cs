using ILGPU;
using ILGPU.Algorithms;

namespace ModelForge.Training.Gpu;

/// <summary>
/// <see cref="CausalAttention"/> for a GPU. Each warp has one query and goes through its keys in tiles of 32, or one key and goes through the queries that
/// see it; the warps of a group share the tiles. In a tile a lane is first another row, for the products of whole heads, and then another element
/// of the head, for what is added up. Scores are computed anew in the backward pass (Dao 2023, FlashAttention-2).
/// </summary>
internal static class GpuAttentionKernels
{
    private const int Lanes = GpuKernels.Lanes;
    private const int Warps = GpuKernels.Warps;

    /// <summary>A row of a tile and one element, so that lanes that read a column read different banks.</summary>
    private const int TileStride = Lanes + 1;

    private const int Tile = Lanes * TileStride;

    /// <summary>What attention gathers for each query, and the logarithm of its softmax's denominator.</summary>
    public static void Forward(
        AttentionShape shape, ArrayView<RowBlock> blocks, ArrayView<float> queryKeyValue, ArrayView<float> output, ArrayView<float> logSums)
    {
        var keys = SharedMemory.Allocate<float>(Tile);
        var values = SharedMemory.Allocate<float>(Tile);
        var queries = SharedMemory.Allocate<float>(Warps * Lanes);
        var weights = SharedMemory.Allocate<float>(Warps * Lanes);
        var block = blocks[Grid.IdxX];
        var (warp, lane) = (Group.IdxX / Lanes, Group.IdxX % Lanes);
        var row = block.Row + warp / shape.Repeats;
        var head = Grid.IdxY * shape.Repeats + warp % shape.Repeats;
        var last = block.Row + block.Count - 1;
        var active = row <= last;
        queries[warp * Lanes + lane] = active ? queryKeyValue[row * shape.Stride + head * Lanes + lane] * shape.Scale : 0;
        var (largest, sum, gathered) = (float.MinValue, 0f, 0f);
        for (var tile = block.First; tile <= last; tile += Lanes)
        {
            Group.Barrier();
            Load(shape.KeyColumn(Grid.IdxY), shape.Stride, tile, last, 1, queryKeyValue, keys);
            Load(shape.ValueColumn(Grid.IdxY), shape.Stride, tile, last, 1, queryKeyValue, values);
            Group.Barrier();
            var visible = active && tile + lane <= row;
            var score = visible ? Product(queries, warp * Lanes, keys, lane * TileStride) : float.MinValue;
            var next = XMath.Max(largest, GpuKernels.Largest(score));
            var weight = visible ? XMath.Exp(score - next) : 0;
            var kept = XMath.Exp(largest - next);
            sum = sum * kept + GpuKernels.Sum(weight);
            gathered = gathered * kept + Weighted(weight, weights, warp * Lanes, values, lane);
            largest = next;
        }

        if (!active)
            return;
        output[row * shape.Width + head * Lanes + lane] = gathered / sum;
        if (lane == 0)
            logSums[row * shape.Heads + head] = largest + XMath.Log(sum);
    }

    /// <summary>Output by its gradient, for each row and head: what softmax takes from the gradient of each of its weights.</summary>
    public static void Side(AttentionShape shape, int pairs, ArrayView<float> output, ArrayView<float> outputGradient, ArrayView<float> sides)
    {
        var pair = Grid.IdxX * Warps + Group.IdxX / Lanes;
        if (pair >= pairs)
            return;
        var at = pair * Lanes + Group.IdxX % Lanes;
        var side = GpuKernels.Sum(output[at] * outputGradient[at]);
        if (Group.IdxX % Lanes == 0)
            sides[pair] = side;
    }

    /// <summary>The gradient of each query.</summary>
    public static void QueryGradient(
        AttentionShape shape,
        ArrayView<RowBlock> blocks,
        ArrayView<float> queryKeyValue,
        ArrayView<float> logSums,
        ArrayView<float> sides,
        ArrayView<float> outputGradient,
        ArrayView<float> gradient)
    {
        var keys = SharedMemory.Allocate<float>(Tile);
        var values = SharedMemory.Allocate<float>(Tile);
        var queries = SharedMemory.Allocate<float>(Warps * Lanes);
        var above = SharedMemory.Allocate<float>(Warps * Lanes);
        var weights = SharedMemory.Allocate<float>(Warps * Lanes);
        var block = blocks[Grid.IdxX];
        var (warp, lane) = (Group.IdxX / Lanes, Group.IdxX % Lanes);
        var row = block.Row + warp / shape.Repeats;
        var head = Grid.IdxY * shape.Repeats + warp % shape.Repeats;
        var last = block.Row + block.Count - 1;
        var active = row <= last;
        queries[warp * Lanes + lane] = active ? queryKeyValue[row * shape.Stride + head * Lanes + lane] * shape.Scale : 0;
        above[warp * Lanes + lane] = active ? outputGradient[row * shape.Width + head * Lanes + lane] : 0;
        var logSum = active ? logSums[row * shape.Heads + head] : 0;
        var side = active ? sides[row * shape.Heads + head] : 0;
        var sum = 0f;
        for (var tile = block.First; tile <= last; tile += Lanes)
        {
            Group.Barrier();
            Load(shape.KeyColumn(Grid.IdxY), shape.Stride, tile, last, 1, queryKeyValue, keys);
            Load(shape.ValueColumn(Grid.IdxY), shape.Stride, tile, last, 1, queryKeyValue, values);
            Group.Barrier();
            var weight = active && tile + lane <= row ? XMath.Exp(Product(queries, warp * Lanes, keys, lane * TileStride) - logSum) : 0;
            sum += Weighted(weight * (Product(above, warp * Lanes, values, lane * TileStride) - side), weights, warp * Lanes, keys, lane);
        }

        if (active)
            gradient[row * shape.Stride + head * Lanes + lane] = sum * shape.Scale;
    }

    /// <summary>The gradients of each key and value.</summary>
    public static void KeyGradient(
        AttentionShape shape,
        ArrayView<RowBlock> blocks,
        ArrayView<float> queryKeyValue,
        ArrayView<float> logSums,
        ArrayView<float> sides,
        ArrayView<float> outputGradient,
        ArrayView<float> gradient)
    {
        var queries = SharedMemory.Allocate<float>(Tile);
        var above = SharedMemory.Allocate<float>(Tile);
        var keys = SharedMemory.Allocate<float>(Warps * Lanes);
        var values = SharedMemory.Allocate<float>(Warps * Lanes);
        var weights = SharedMemory.Allocate<float>(Warps * Lanes);
        var scoreGradients = SharedMemory.Allocate<float>(Warps * Lanes);
        var block = blocks[Grid.IdxX];
        var (warp, lane) = (Group.IdxX / Lanes, Group.IdxX % Lanes);
        var row = block.Row + warp;
        var active = warp < block.Count;
        var (keyColumn, valueColumn) = (shape.KeyColumn(Grid.IdxY), shape.ValueColumn(Grid.IdxY));
        keys[warp * Lanes + lane] = active ? queryKeyValue[row * shape.Stride + keyColumn + lane] : 0;
        values[warp * Lanes + lane] = active ? queryKeyValue[row * shape.Stride + valueColumn + lane] : 0;
        var (keySum, valueSum) = (0f, 0f);
        for (var tile = block.Row; tile < block.End; tile += Lanes)
        {
            var query = tile + lane;
            var visible = active && query >= row && query < block.End;
            for (var repeat = 0; repeat < shape.Repeats; repeat++)
            {
                var head = Grid.IdxY * shape.Repeats + repeat;
                Group.Barrier();
                Load(head * Lanes, shape.Stride, tile, block.End - 1, shape.Scale, queryKeyValue, queries);
                Load(head * Lanes, shape.Width, tile, block.End - 1, 1, outputGradient, above);
                Group.Barrier();
                var (weight, scoreGradient) = (0f, 0f);
                if (visible)
                {
                    weight = XMath.Exp(Product(keys, warp * Lanes, queries, lane * TileStride) - logSums[query * shape.Heads + head]);
                    scoreGradient = weight * (Product(values, warp * Lanes, above, lane * TileStride) - sides[query * shape.Heads + head]);
                }

                keySum += Weighted(scoreGradient, scoreGradients, warp * Lanes, queries, lane);
                valueSum += Weighted(weight, weights, warp * Lanes, above, lane);
            }
        }

        if (!active)
            return;
        gradient[row * shape.Stride + keyColumn + lane] = keySum;
        gradient[row * shape.Stride + valueColumn + lane] = valueSum;
    }

    /// <summary>Loads 32 rows of a head; behind the last one, zeros.</summary>
    private static void Load(int column, int stride, int first, int last, float scale, ArrayView<float> source, ArrayView<float> tile)
    {
        var lane = Group.IdxX % Lanes;
        for (var row = Group.IdxX / Lanes; row < Lanes; row += Warps)
            tile[row * TileStride + lane] = first + row <= last ? source[(first + row) * stride + column + lane] * scale : 0;
    }

    private static float Product(ArrayView<float> left, int leftStart, ArrayView<float> right, int rightStart)
    {
        var sum = 0f;
        for (var i = 0; i < Lanes; i++)
            sum += left[leftStart + i] * right[rightStart + i];
        return sum;
    }

    /// <summary>
    /// The sum of a tile's rows, each times the weight that the lane of its number has; a lane gets its own element. <paramref name="shared"/> must not be
    /// written again before the group's next barrier.
    /// </summary>
    private static float Weighted(float weight, ArrayView<float> shared, int start, ArrayView<float> tile, int lane)
    {
        shared[start + lane] = weight;
        Warp.Barrier();
        var sum = 0f;
        for (var i = 0; i < Lanes; i++)
            sum += shared[start + i] * tile[i * TileStride + lane];
        return sum;
    }
}
