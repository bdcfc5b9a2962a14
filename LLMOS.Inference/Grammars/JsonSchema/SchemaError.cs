namespace LLMOS.Inference.Grammars.JsonSchema;

/// <summary>Sentences about schemas.</summary>
internal static class SchemaError
{
    /// <param name="path">Where in the schema, as a JSON path.</param>
    /// <param name="problem">What is wrong there and what to do, without a full stop.</param>
    public static LlamaException At(string path, string problem) => new(LlamaError.SchemaInvalid, $"The JSON schema does not work at {path}: {problem}.".ReplaceLineEndings(" "));
}
