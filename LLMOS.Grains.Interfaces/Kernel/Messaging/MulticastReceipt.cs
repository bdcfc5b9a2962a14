namespace LLMOS.Kernel.Messaging;

/// <summary>What was sent to several recipients.</summary>
/// <param name="Message">The message; its copies have the same id.</param>
/// <param name="Recipients">How many processes get it.</param>
[GenerateSerializer, Immutable, Alias("llmos.multicast-receipt")]
public sealed record MulticastReceipt(
    [property: Id(0)] VmpMessage Message,
    [property: Id(1)] int Recipients);
