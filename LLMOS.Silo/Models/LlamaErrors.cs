using LLMOS.Inference;

namespace LLMOS.Silo.Models;

/// <summary>What the inference library refuses, for the callers of grains. Its sentences stay as they are.</summary>
internal static class LlamaErrors
{
    public static LlmosException Translate(LlamaException exception) => new(
        exception.Error switch
        {
            LlamaError.InvalidRequest or LlamaError.TooLong or LlamaError.GrammarInvalid or LlamaError.SchemaInvalid or LlamaError.DeviceMissing => LlmosErrorCode.InvalidArgument,
            LlamaError.ModelMissing or LlamaError.AdapterMissing => LlmosErrorCode.NotFound,
            LlamaError.EngineFailed or LlamaError.EngineStopped or LlamaError.SequenceFailed => LlmosErrorCode.Unavailable,
            _ => LlmosErrorCode.FailedPrecondition,
        },
        exception.Message,
        exception);
}
