namespace LLMOS.Inference.Grammars.JsonSchema;

/// <summary>The types of JSON Schema.</summary>
[Flags]
internal enum JsonSchemaTypes
{
    None = 0,
    Object = 1,
    Array = 2,
    String = 4,
    Number = 8,
    Integer = 16,
    Boolean = 32,
    Null = 64,

    /// <summary>All there are.</summary>
    Any = Object | Array | String | Number | Integer | Boolean | Null,
}
