namespace LLMOS.Inference.Gguf;

/// <summary>Names of file types, as model pages write them.</summary>
internal static class GgufQuantization
{
    /// <summary>Set beside a file type that was guessed when the file was converted.</summary>
    private const long Guessed = 1024;

    /// <summary>The names by number; a dash stands for a number that is not used.</summary>
    private static readonly string[] Names = (
        "F32 F16 Q4_0 Q4_1 - - - Q8_0 Q5_0 Q5_1 Q2_K Q3_K_S Q3_K_M Q3_K_L Q4_K_S Q4_K_M Q5_K_S Q5_K_M Q6_K IQ2_XXS IQ2_XS "
        + "Q2_K_S IQ3_XS IQ3_XXS IQ1_S IQ4_NL IQ3_S IQ3_M IQ2_S IQ2_M IQ4_XS IQ1_M BF16 - - - TQ1_0 TQ2_0 MXFP4 NVFP4 Q1_0 Q2_0")
        .Split(' ');

    public static string NameOf(GgufFile file)
    {
        if (file.Metadata.GetValueOrDefault("general.file_type")?.WholeNumber is >= 0 and var declared
            && Names.ElementAtOrDefault((int)Math.Min(declared & ~Guessed, int.MaxValue)) is { } name and not "-")
        {
            return name;
        }

        var largest = file.Tensors
            .GroupBy(tensor => tensor.Type)
            .OrderByDescending(group => group.Sum(tensor => (double)tensor.Bytes))
            .FirstOrDefault();
        return largest is null ? "unknown" : largest.Key.ToString();
    }
}
