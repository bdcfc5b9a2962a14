namespace ModelForge.Training.Gpu;

/// <summary>The sizes of a product of <see cref="PlainProduct"/>, and how far apart elements lie.</summary>
/// <param name="Rows">Of the left factor and the target.</param>
/// <param name="Columns">Of the right factor and the target.</param>
/// <param name="Depth">Columns of the left factor, rows of the right one.</param>
/// <param name="LeftRow">From a row of the left factor to the next.</param>
/// <param name="LeftColumn">From a column of the left factor to the next.</param>
/// <param name="RightRow">From a row of the right factor to the next.</param>
/// <param name="RightColumn">From a column of the right factor to the next.</param>
/// <param name="LeftBatch">From a left factor of the batch to the next.</param>
/// <param name="RightBatch">From a right factor of the batch to the next.</param>
/// <param name="TargetBatch">From a target of the batch to the next.</param>
/// <param name="Accumulate">Whether the target is added to: 1 or 0.</param>
internal readonly record struct ProductSizes(
    int Rows,
    int Columns,
    int Depth,
    int LeftRow,
    int LeftColumn,
    int RightRow,
    int RightColumn,
    int LeftBatch,
    int RightBatch,
    int TargetBatch,
    int Accumulate);
