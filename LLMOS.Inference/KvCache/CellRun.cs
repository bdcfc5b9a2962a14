namespace LLMOS.Inference.KvCache;

/// <summary>Neighbouring cells that the same sequences hold.</summary>
internal sealed class CellRun(int length)
{
    public int Length { get; set; } = length;

    /// <summary>How many sequences hold it.</summary>
    public int Holders { get; set; } = 1;
}
