namespace LLMOS.Shell;

/// <summary>The command line is wrong; the message is a sentence that says what and how to right it.</summary>
internal sealed class UsageException(string message) : Exception(message);
