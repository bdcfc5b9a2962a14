namespace ModelForge.Training;

/// <summary>A matrix in memory that somebody else owns; element (i, j) lies at <c>i × RowStride + j × ColumnStride</c>.</summary>
internal readonly unsafe struct MatrixView(float* data, int rows, int columns, int rowStride, int columnStride = 1)
{
    public float* Data { get; } = data;

    public int Rows { get; } = rows;

    public int Columns { get; } = columns;

    public int RowStride { get; } = rowStride;

    public int ColumnStride { get; } = columnStride;

    /// <summary>The same numbers with rows and columns exchanged.</summary>
    public MatrixView Transposed => new(Data, Columns, Rows, ColumnStride, RowStride);
}
