namespace LLMOS.Inference.Gguf;

/// <summary>What the header says about one tensor.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">How its elements are packed.</param>
/// <param name="Dimensions">One to four dimensions, the row's length first.</param>
/// <param name="Offset">Bytes from the start of the file's data section.</param>
/// <param name="Bytes">Bytes that its data takes, padding excluded.</param>
public sealed record GgufTensor(string Name, GgmlType Type, IReadOnlyList<long> Dimensions, long Offset, long Bytes)
{
    /// <summary>How many elements it has.</summary>
    public long ElementCount { get; } = Dimensions.Aggregate(1L, (product, dimension) => checked(product * dimension));
}
