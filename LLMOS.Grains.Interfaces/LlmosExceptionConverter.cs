namespace LLMOS;

/// <summary>
/// Leaves the inner exception behind: it is of a library that the caller need not have, and one that cannot be
/// serialized would take the sentence down with it. It is for the log of the silo that failed.
/// </summary>
[RegisterConverter]
public sealed class LlmosExceptionConverter : IConverter<LlmosException, LlmosExceptionSurrogate>
{
    public LlmosException ConvertFromSurrogate(in LlmosExceptionSurrogate surrogate) => new(surrogate.Code, surrogate.Message)
    {
        Syscall = surrogate.Syscall,
        Argument = surrogate.Argument,
    };

    public LlmosExceptionSurrogate ConvertToSurrogate(in LlmosException value) => new(value.Code, value.Message, value.Syscall, value.Argument);
}
