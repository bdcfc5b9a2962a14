namespace ModelForge;

/// <summary>What a random LoRA adapter is besides the shape of its base.</summary>
public sealed record LoraOptions
{
    /// <summary>The matrices of a block that an adapter may change, by their names in GGUF files.</summary>
    public static IReadOnlyList<string> AllTargets { get; } = ["attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down"];

    /// <summary>Equal seeds give equal bytes.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Rows of each <c>lora_a</c>.</summary>
    public int Rank { get; init; } = 8;

    /// <summary><c>adapter.lora.alpha</c>: what is added is alpha / rank · B · A. Not 0.</summary>
    public float Alpha { get; init; } = 16;

    /// <summary>The deviation of what is added, as a share of that of the base's own weights.</summary>
    public double Strength { get; init; } = 0.5;

    /// <summary>The matrices that it changes in each block.</summary>
    public IReadOnlyList<string> Targets { get; init; } = AllTargets;

    /// <summary><c>general.name</c>; without one it tells the shape and the seed.</summary>
    public string? Name { get; init; }

    /// <summary>What <c>general.architecture</c> says, for tests of loaders.</summary>
    public string Architecture { get; init; } = "llama";
}
