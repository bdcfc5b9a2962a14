namespace LLMOS.SystemInterface.Syscalls;

/// <summary>An argument as the model wrote it.</summary>
/// <param name="Text">The characters between the quotes, or of the number.</param>
/// <param name="Quoted">Whether there were quotes.</param>
/// <param name="Items">The values of a list; null for anything else.</param>
internal sealed record SyscallTextValue(string Text, bool Quoted, IReadOnlyList<SyscallTextValue>? Items = null);
