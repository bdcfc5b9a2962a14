namespace LLMOS.Inference.Templates.Syntax;

internal enum TokenKind
{
    /// <summary>Text between tags, which is printed as it is.</summary>
    Text,

    /// <summary><c>{%</c></summary>
    BlockBegin,

    /// <summary><c>%}</c></summary>
    BlockEnd,

    /// <summary><c>{{</c></summary>
    PrintBegin,

    /// <summary><c>}}</c></summary>
    PrintEnd,

    Name,
    String,
    Integer,
    Float,
    Operator,

    /// <summary>The template's end.</summary>
    End,
}
