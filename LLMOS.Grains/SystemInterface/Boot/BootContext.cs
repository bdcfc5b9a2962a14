namespace LLMOS.SystemInterface.Boot;

/// <summary>What the stages of one boot share.</summary>
/// <param name="Request">How to boot.</param>
/// <param name="Grains">The way to the grains.</param>
/// <param name="Record">What former boots left; written when all stages have completed.</param>
public sealed record BootContext(BootRequest Request, IGrainFactory Grains, BootRecord Record);
