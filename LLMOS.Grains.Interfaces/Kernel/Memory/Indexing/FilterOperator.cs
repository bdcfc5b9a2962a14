namespace LLMOS.Kernel.Memory.Indexing;

/// <summary>How a <see cref="MetadataFilter"/> decides.</summary>
[GenerateSerializer, Alias("llmos.filter-operator")]
public enum FilterOperator
{
    /// <summary>All operands hold.</summary>
    And,

    /// <summary>One of the operands holds.</summary>
    Or,

    /// <summary>The one operand does not hold.</summary>
    Not,

    /// <summary>The field is one of the values; a field that is not there is null.</summary>
    In,

    /// <summary>The field is a list that holds one of the values.</summary>
    Contains,

    Less,

    LessOrEqual,

    Greater,

    GreaterOrEqual,
}
