namespace LLMOS.Kernel.Memory;

/// <summary>How many tokens a text is where no tokenizer is at hand: one for every four bytes of UTF-8, rounded up.</summary>
public static class TokenEstimate
{
    public static int Of(string text) => (System.Text.Encoding.UTF8.GetByteCount(text) + 3) / 4;
}
